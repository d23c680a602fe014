package dev.sallyport.authz;

import java.util.Set;

/**
 * What a part of a protected site needs.
 *
 * @param name what the operator calls it, in events too
 * @param host with the port where that is not the scheme's own: {@code wiki.example.com}, {@code localhost:8085}
 * @param path with everything below: {@code /admin} is {@code /admin} and {@code /admin/users}, not {@code /administrator}
 * @param methods such as {@code POST}; empty: all
 */
public record SiteRule(String name, String host, String path, Set<String> methods, Need need) {

    private static final Set<String> KNOWN = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    public SiteRule {
        path = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        methods = Set.copyOf(methods);
    }

    /** What is read with HEAD is what GET reads. Of any other method nobody knows what an application takes it for. */
    boolean isFor(String method) {
        return methods.isEmpty()
                || methods.contains(method)
                || (method.equals("HEAD") && methods.contains("GET"))
                || !KNOWN.contains(method);
    }
}
