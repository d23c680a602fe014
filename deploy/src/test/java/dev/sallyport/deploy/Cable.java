package dev.sallyport.deploy;

/** What can be wrong with a cable for longer. */
enum Cable {
    REFUSES,
    HANGS;

    void pull(TcpProxy proxy) {
        switch (this) {
            case REFUSES -> proxy.refuse();
            case HANGS -> proxy.hang();
        }
    }
}
