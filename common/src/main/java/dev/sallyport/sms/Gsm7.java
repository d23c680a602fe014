package dev.sallyport.sms;

import java.util.OptionalInt;

/**
 * The alphabet of text messages (3GPP TS 23.038, sections 6.2.1 and 6.2.1.1). One character outside it turns a whole
 * message into UCS-2, of which only 70 fit into a segment.
 */
final class Gsm7 {

    /** Septets in a message of one segment. */
    static final int SEGMENT = 160;

    /** One septet each: 0x00 to 0x7F in the order of the standard, without the escape at 0x1B. */
    private static final String BASIC = "@£$¥èéùìòÇ\nØø\rÅå"
            + "Δ_ΦΓΛΩΠΨΣΘΞÆæßÉ"
            + " !\"#¤%&'()*+,-./"
            + "0123456789:;<=>?"
            + "¡ABCDEFGHIJKLMNO"
            + "PQRSTUVWXYZÄÖÑÜ§"
            + "¿abcdefghijklmno"
            + "pqrstuvwxyzäöñüà";

    /** Sent as two septets, the escape first. */
    private static final String EXTENSION = "\f^{}\\[~]|€";

    private Gsm7() {}

    /** How much of a segment the text takes; empty when a character of it isn't in the alphabet. */
    static OptionalInt septets(String text) {
        int septets = 0;
        for (int character : text.codePoints().toArray()) {
            if (!contains(character)) {
                return OptionalInt.empty();
            }
            septets += EXTENSION.indexOf(character) < 0 ? 1 : 2;
        }
        return OptionalInt.of(septets);
    }

    static boolean contains(int character) {
        return BASIC.indexOf(character) >= 0 || EXTENSION.indexOf(character) >= 0;
    }
}
