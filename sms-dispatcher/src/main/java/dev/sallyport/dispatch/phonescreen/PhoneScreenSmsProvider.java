package dev.sallyport.dispatch.phonescreen;

import dev.sallyport.dispatch.SendResult;
import dev.sallyport.dispatch.SmsProvider;
import dev.sallyport.dispatch.TextMessage;

/** Sends to the {@link PhoneScreen}; never fails. */
public final class PhoneScreenSmsProvider implements SmsProvider {

    private final PhoneScreen screen;

    public PhoneScreenSmsProvider(PhoneScreen screen) {
        this.screen = screen;
    }

    @Override
    public String name() {
        return "phone-screen";
    }

    @Override
    public SendResult send(TextMessage message) {
        var shown = screen.show(message.to(), message.text());
        return new SendResult.Accepted("screen-" + shown.sequence(), "delivered", 0);
    }
}
