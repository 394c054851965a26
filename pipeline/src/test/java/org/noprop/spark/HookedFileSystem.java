package org.noprop.spark;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.AbstractFileSystem;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * Local files under {@code hooked:///…}, for tests that want to be asked before a file is written: to fail,
 * like a full disk, or to wait. Hadoop makes its instances, hence the one hook of a process.
 */
public final class HookedFileSystem extends RawLocalFileSystem {
    private static final String SCHEME = "hooked";
    private static final AtomicReference<Hook> HOOK = new AtomicReference<>();

    /** Asked before every file is written. */
    interface Hook {
        void beforeWriting(String path) throws IOException;
    }

    /** Where paths of this file system are asked for; a session's Hadoop settings. */
    static void register(Configuration hadoop) {
        hadoop.setClass("fs.hooked.impl", HookedFileSystem.class, FileSystem.class);
        hadoop.setClass("fs.AbstractFileSystem.hooked.impl", Context.class, AbstractFileSystem.class);
    }

    /** Asks {@code hook} from now on. */
    static void hook(Hook hook) {
        HOOK.set(hook);
    }

    /** The same folder on this file system. */
    static String path(java.nio.file.Path local) {
        return SCHEME + "://" + local;
    }

    @Override
    public URI getUri() {
        return URI.create(SCHEME + ":///");
    }

    @Override
    public FSDataOutputStream create(
            Path path,
            FsPermission permission,
            boolean overwrite,
            int bufferSize,
            short replication,
            long blockSize,
            Progressable progress)
            throws IOException {
        HOOK.get().beforeWriting(path.toUri().getPath());
        return super.create(path, permission, overwrite, bufferSize, replication, blockSize, progress);
    }

    @Override
    public FSDataOutputStream create(
            Path path, boolean overwrite, int bufferSize, short replication, long blockSize, Progressable progress)
            throws IOException {
        HOOK.get().beforeWriting(path.toUri().getPath());
        return super.create(path, overwrite, bufferSize, replication, blockSize, progress);
    }

    /** What {@link FileContext} asks for. */
    public static final class Context extends DelegateToFileSystem {
        /** Made by Hadoop. */
        public Context(URI uri, Configuration hadoop) throws IOException, URISyntaxException {
            super(uri, new HookedFileSystem(), hadoop, SCHEME, false);
        }
    }
}
