package org.noprop.inference;

/**
 * Images filled up by copies of the last one, so that every pass through a block has the same shape: the kernels of its
 * products, and with them the last bits of a row's result, then depend on that row alone.
 *
 * @param images at least one
 * @param pass what the number of rows is made a multiple of
 */
record PaddedRows(ImageRows images, int pass) implements ImageRows {
    @Override
    public int rows() {
        return (images.rows() + pass - 1) / pass * pass;
    }

    @Override
    public int width() {
        return images.width();
    }

    @Override
    public long id(int row) {
        return images.id(source(row));
    }

    @Override
    public void copyRow(int row, float[] into, int offset) {
        images.copyRow(source(row), into, offset);
    }

    private int source(int row) {
        return Math.min(row, images.rows() - 1);
    }
}
