package dev.sallyport.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sallyport.sms.news.MessageState;
import dev.sallyport.web.NewsWords.Ways;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NewsWordsTest {

    private static final String MASKED = "+1 ••• ••• ••12";
    private static final Ways APP = new Ways(true, true, false);
    private static final Ways NOTHING_ELSE = new Ways(false, false, false);

    private static String text(MessageState state, Ways ways) {
        return (String) NewsWords.of(state, MASKED, ways).get("text");
    }

    @Test
    void whatWentWellNamesTheNumberInOnePiece() {
        assertEquals(
                "The message was delivered to " + MASKED.replace(' ', '\u00a0') + ".",
                text(MessageState.DELIVERED, APP));
    }

    @Test
    void whatElseCanBeDoneIsOneSentence() {
        String late = "The message is delayed. ";
        assertEquals(late + "Wait, ask for another or use your authenticator app.", text(MessageState.DELAYED, APP));
        assertEquals(late + "Wait or start again.", text(MessageState.DELAYED, NOTHING_ELSE));
        assertEquals("The message could not be sent. Start again.", text(MessageState.FAILED, NOTHING_ELSE));
    }

    /** The room on the page is for so much. */
    @ParameterizedTest
    @EnumSource
    void nothingIsLong(MessageState state) {
        for (Ways ways : List.of(APP, NOTHING_ELSE, new Ways(true, false, true))) {
            String text = text(state, ways);
            assertTrue(text.length() <= 90, text.length() + ": " + text);
            assertTrue(text.endsWith("."), text);
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"ON_ITS_WAY", "DELIVERED"})
    void whoHasAnAppIsTold(MessageState state) {
        assertTrue(text(state, APP).contains("your authenticator app"), text(state, APP));
        assertFalse(text(state, NOTHING_ELSE).contains("app"), text(state, NOTHING_ELSE));
    }

    @ParameterizedTest
    @EnumSource
    void whoCanAskForNoMoreIsNotToldTo(MessageState state) {
        assertFalse(text(state, NOTHING_ELSE).contains("ask for"), text(state, NOTHING_ELSE));
    }
}
