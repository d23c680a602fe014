package dev.sallyport.phone;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import org.jspecify.annotations.Nullable;

/** Where a number belongs, whoever let it in. */
public final class PhoneRegions {

    /** The region of numbers that belong to none, or to one that the library does not know. */
    public static final String NONE = "ZZ";

    private PhoneRegions() {}

    /** ISO 3166-1 alpha-2 or {@link #NONE}; {@code 001} for numbers of no country. */
    public static String of(PhoneNumber phone) {
        PhoneNumberUtil library = PhoneNumberUtil.getInstance();
        try {
            @Nullable String region = library.getRegionCodeForNumber(library.parse(phone.e164(), NONE));
            return region == null ? NONE : region;
        } catch (NumberParseException e) {
            return NONE;
        }
    }
}
