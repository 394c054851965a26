package org.noprop.embedding;

/**
 * The cells that the patches of an image are averaged in: {@code side} × {@code side}, as equal as whole patches
 * allow.
 */
final class PoolingCells {
    private final int[] cells;
    private final int[] sizes;

    /**
     * The cells of a grid.
     *
     * @param side cells of a row and of a column, at most the patches of either
     */
    PoolingCells(PatchGrid grid, int side) {
        require(grid, side);
        cells = new int[grid.positions()];
        sizes = new int[side * side];
        for (int position = 0; position < cells.length; position++) {
            int row = position / grid.across() * side / grid.down();
            int column = position % grid.across() * side / grid.across();
            cells[position] = row * side + column;
            sizes[cells[position]]++;
        }
    }

    /**
     * Requires that every cell has a patch.
     *
     * @throws IllegalArgumentException if one has none
     */
    static void require(PatchGrid grid, int side) {
        if (side < 1 || side > grid.down() || side > grid.across()) {
            throw new IllegalArgumentException(
                    side + " x " + side + " cells for " + grid.down() + " x " + grid.across() + " patches");
        }
    }

    /** How many there are. */
    int count() {
        return sizes.length;
    }

    /** The cell of a patch. */
    int cellOf(int position) {
        return cells[position];
    }

    /** How many patches a cell has. */
    int size(int cell) {
        return sizes[cell];
    }
}
