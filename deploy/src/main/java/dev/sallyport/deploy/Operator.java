package dev.sallyport.deploy;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Who runs a command, and where, as the operating system says. */
final class Operator {

    private Operator() {}

    static String user() {
        return ProcessHandle.current().info().user().orElseGet(() -> System.getProperty("user.name", "unknown"));
    }

    static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }
}
