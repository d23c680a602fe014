package dev.sallyport.deploy.embedded;

import de.bwaldvogel.mongo.MongoServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import org.h2.mvstore.MVStore;

/** The embedded store behind TLS, in memory. It knows no users. */
public final class EncryptedMongo implements AutoCloseable {

    private final MongoServer server = new MongoServer(new SerialBackend(new MVStore.Builder().open()));

    public EncryptedMongo(Authority authority) throws GeneralSecurityException {
        server.enableSsl(authority.serverKey(), null, authority.serverChain());
        server.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
    }

    /** Without a database or options. */
    public String uri() {
        return "mongodb://127.0.0.1:" + server.getLocalAddress().getPort();
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
