package dev.sallyport.deploy;

import dev.sallyport.deploy.cluster.Node;

/**
 * Lets a process find its disk full, which needs no small disk and no root: files that grow beyond a size limit of zero
 * fail to be written, as on a disk without room, but with "File too large" in the place of "No space left on device".
 * The limit ends with the process. The program is of util-linux.
 */
final class FullDisk {

    private FullDisk() {}

    /** The soft limit alone: it is the process's own user who sets it, and every write since then fails. */
    static void of(Node node) {
        Programs.run("", "prlimit", "--pid", "" + node.pid(), "--fsize=0:");
    }
}
