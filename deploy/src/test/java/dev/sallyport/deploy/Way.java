package dev.sallyport.deploy;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a browser is after all redirects, and how it came there.
 *
 * @param addresses whole ones, the first is the one that was asked for
 */
record Way(List<String> addresses, HttpResponse<String> end) {

    /** Goes wherever it is sent, from host to host. */
    static Way follow(SiteClient browser, String address) {
        List<String> addresses = new ArrayList<>(List.of(address));
        HttpResponse<String> response = get(browser, address);
        while (response.statusCode() / 100 == 3) {
            assertTrue(addresses.size() < 12, addresses::toString);
            addresses.add(URI.create(addresses.getLast())
                    .resolve(SiteClient.location(response))
                    .toString());
            response = get(browser, addresses.getLast());
        }
        return new Way(addresses, response);
    }

    /** One step, to whichever host. */
    static HttpResponse<String> get(SiteClient browser, String address) {
        URI uri = URI.create(address);
        String query = uri.getRawQuery() == null ? "" : '?' + uri.getRawQuery();
        return browser.at(uri.getScheme() + "://" + uri.getRawAuthority()).get(uri.getRawPath() + query);
    }

    /** Where it ended. */
    String address() {
        return addresses.getLast();
    }
}
