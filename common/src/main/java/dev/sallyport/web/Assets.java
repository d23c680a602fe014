package dev.sallyport.web;

import io.vertx.core.buffer.Buffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * Style sheet, scripts and logo, read from the class path once. Their address carries a version made of their bytes,
 * so browsers may keep them for good and a new release is a new address. Safe for use by any number of threads.
 */
public final class Assets {

    private static final String ROOT = "/assets/";
    private static final Map<String, String> CONTENT_TYPES = Map.of(
            "sallyport.css", "text/css; charset=utf-8",
            "sallyport.js", "text/javascript; charset=utf-8",
            "news.js", "text/javascript; charset=utf-8",
            "phone.js", "text/javascript; charset=utf-8",
            "logo.svg", "image/svg+xml");

    /**
     * One answer, ready to send.
     *
     * @param contentType value of {@code Content-Type}
     * @param cacheControl value of {@code Cache-Control}
     * @param content shared by all requests, must not be changed
     */
    public record Asset(String contentType, String cacheControl, Buffer content) {}

    private final String prefix;
    private final Map<String, Asset> byPath;
    private final Map<String, Asset> byName;

    public Assets() {
        var files = new HashMap<String, Asset>();
        CONTENT_TYPES.forEach((name, type) ->
                files.put(name, new Asset(type, "no-store", Buffer.buffer(ClassPathFile.read(ROOT + name)))));
        byName = Map.copyOf(files);
        prefix = ROOT + version(byName) + "/";
        var current = new HashMap<String, Asset>();
        byName.forEach((name, file) -> current.put(
                prefix + name, new Asset(file.contentType(), "public, max-age=31536000, immutable", file.content())));
        byPath = Map.copyOf(current);
    }

    /** Where the pages find the assets, for example {@code /assets/1a2b3c4d/}. */
    public String prefix() {
        return prefix;
    }

    /**
     * The asset at an absolute path. During a rolling update a page of one release may ask a node of another, so the
     * path of another version answers with this node's file, which then must not be kept.
     */
    public Optional<Asset> find(String path) {
        var exact = byPath.get(path);
        if (exact != null) {
            return Optional.of(exact);
        }
        int name = path.lastIndexOf('/') + 1;
        return path.substring(0, name).matches("/assets/[0-9a-f]{8}/")
                ? Optional.ofNullable(byName.get(path.substring(name)))
                : Optional.empty();
    }

    private static String version(Map<String, Asset> files) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            files.entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(file -> digest.update(file.getValue().content().getBytes()));
            return HexFormat.of().formatHex(digest.digest(), 0, 4);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java has no SHA-256; use a standard JDK 25", e);
        }
    }
}
