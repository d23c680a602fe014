package dev.sallyport.deploy;

import dev.sallyport.Role;
import dev.sallyport.dispatch.twilio.fake.FakeTwilio;
import java.util.HashMap;
import java.util.Map;

/** What a role's process is told beside servers, keys and ports. */
final class RoleSettings {

    private RoleSettings() {}

    /** @param publicUrl where browsers reach the site */
    static Map<String, String> of(Role role, String publicUrl, FakeTwilio twilio) {
        Map<String, String> settings = new HashMap<>();
        settings.put("SALLYPORT_PUBLIC_URL", publicUrl);
        settings.put("SALLYPORT_BRAND_NAME", "Acme");
        settings.put("SALLYPORT_SMS_PROVIDER", "twilio");
        // The web roles hear nothing of the provider's account.
        switch (role) {
            case SMS_DISPATCHER -> settings.putAll(twilio.environment());
            case AUDIT_SEALER -> settings.put("SALLYPORT_AUDIT_SEAL_EVERY", "1s");
            case LOGIN, ENROLLMENT -> {
                settings.put("SALLYPORT_HTTP_TRUSTED_PROXIES", "127.0.0.1,::1");
                // The proxy of the tests turns to another node when it is told to.
                settings.put("SALLYPORT_HTTP_DRAIN", "0s");
            }
        }
        return settings;
    }
}
