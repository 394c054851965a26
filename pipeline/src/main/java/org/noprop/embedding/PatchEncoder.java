package org.noprop.embedding;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.noprop.tensor.FloatMatrix;
import org.noprop.tensor.Product;

/**
 * Encodes the patches of an image and averages the features over cells. The responses of patches to atoms are
 * matrix products, of so many at a time that they stay in the CPU's cache: there they are encoded and added up,
 * and never written out. Belongs to one thread and holds native memory.
 */
public final class PatchEncoder implements AutoCloseable {
    /** Responses at a time: of all patches to some atoms, or of some patches to all atoms. */
    private static final int TILE_RESPONSES = 1 << 18;
    /** Tiles are a multiple of so many atoms wide: a few of the widest vectors. */
    private static final int LANES = 64;

    private final PoolingCells cells;
    private final Encoding encoding;
    private final boolean squareRoot;
    private final PatchGrid grid;
    private final float[] mirrored;
    private final int atoms;
    private final PatchMatrix patches;
    private final FloatMatrix directions;
    private final FloatMatrix responses;
    private final List<Tile> tiles = new ArrayList<>();
    private final float[] row;
    private final float[][] up;
    private final float[][] down;

    /** The product of some patches with some atoms. */
    private record Tile(
            int firstPatch, int firstAtom, Product product, FloatMatrix left, FloatMatrix right, FloatMatrix result) {
        int patches() {
            return result.rows();
        }

        int atoms() {
            return result.columns();
        }

        void multiply() {
            product.multiply(left, right, result);
        }
    }

    /**
     * An encoder of images.
     *
     * @param grid of their patches
     * @param settings how patches are encoded
     * @param dictionary of patches of the grid's length
     */
    PatchEncoder(PatchGrid grid, PatchSettings settings, PatchDictionary dictionary) {
        cells = new PoolingCells(grid, settings.pooling());
        encoding = settings.encoding();
        squareRoot = settings.squareRoot();
        this.grid = grid;
        atoms = dictionary.count();
        patches = new PatchMatrix(grid, settings, dictionary.whitening());
        int tilePatches = encoding.isByAtom() ? grid.positions() : Math.max(1, TILE_RESPONSES / atoms);
        int tileAtoms =
                encoding.isByAtom() ? Math.max(LANES, TILE_RESPONSES / grid.positions() / LANES * LANES) : atoms;
        directions = FloatMatrix.of(atoms, grid.length());
        responses = FloatMatrix.of(Math.min(tilePatches, grid.positions()), Math.min(tileAtoms, atoms));
        float[] compared = settings.unitLength() ? dictionary.atoms() : dictionary.unwhitened();
        for (int atom = 0; atom < atoms; atom += tileAtoms) {
            FloatMatrix right = directions(compared, atom, Math.min(tileAtoms, atoms - atom), grid.length());
            for (int patch = 0; patch < grid.positions(); patch += tilePatches) {
                tiles.add(tile(patch, Math.min(tilePatches, grid.positions() - patch), atom, right));
            }
        }
        row = new float[Math.min(tileAtoms, atoms)];
        up = new float[cells.count()][row.length];
        down = new float[cells.count()][row.length];
        mirrored = settings.mirror() ? new float[width()] : null;
    }

    /** Atoms {@code first} … as the columns of a row-major matrix of its own. */
    private FloatMatrix directions(float[] compared, int first, int count, int length) {
        float[] columns = new float[length * count];
        for (int atom = 0; atom < count; atom++) {
            for (int i = 0; i < length; i++) {
                columns[i * count + atom] = compared[(first + atom) * length + i];
            }
        }
        FloatMatrix matrix = directions.part((long) first * length, length, count);
        matrix.write(0, columns, columns.length);
        return matrix;
    }

    private Tile tile(int firstPatch, int count, int firstAtom, FloatMatrix right) {
        FloatMatrix left = patches.matrix().rows(firstPatch, count);
        FloatMatrix result = responses.part(0, count, right.columns());
        return new Tile(firstPatch, firstAtom, Product.forward(), left, right, result);
    }

    /** Features of an image: cells × [atoms, their negatives]. */
    public int width() {
        return cells.count() * 2 * atoms;
    }

    /**
     * The mean feature of the patches of each cell, or its root; where it is asked for, the mean of this of the image
     * and of its mirror image.
     *
     * @param image height × width × channels bytes, channels last
     * @param into receives {@link #width} values
     */
    public void encode(byte[] image, float[] into) {
        encodeOne(image, into);
        if (mirrored != null) {
            encodeOne(grid.mirrored(image), mirrored);
            for (int i = 0; i < mirrored.length; i++) {
                into[i] = 0.5f * (into[i] + mirrored[i]);
            }
        }
    }

    private void encodeOne(byte[] image, float[] into) {
        patches.load(image);
        for (Tile tile : tiles) {
            tile.multiply();
            for (int patch = 0; patch < tile.patches(); patch++) {
                tile.result().read((long) patch * tile.atoms(), row, tile.atoms());
                int cell = cells.cellOf(tile.firstPatch() + patch);
                encoding.add(row, tile.atoms(), up[cell], down[cell]);
            }
            if (tile.firstPatch() + tile.patches() == patches.matrix().rows()) {
                average(tile, into);
            }
        }
    }

    /** Moves the sums of the tile's atoms to where their means belong. */
    private void average(Tile tile, float[] into) {
        for (int cell = 0; cell < cells.count(); cell++) {
            float share = 1f / cells.size(cell);
            int to = cell * 2 * atoms + tile.firstAtom();
            for (int atom = 0; atom < tile.atoms(); atom++) {
                into[to + atom] = feature(up[cell][atom] * share);
                into[to + atoms + atom] = feature(down[cell][atom] * share);
            }
            Arrays.fill(up[cell], 0);
            Arrays.fill(down[cell], 0);
        }
    }

    private float feature(float average) {
        return squareRoot ? (float) Math.sqrt(average) : average;
    }

    @Override
    public void close() {
        patches.close();
        directions.close();
        responses.close();
    }
}
