package dev.sallyport.dispatch.phonescreen;

import dev.sallyport.dispatch.SendResult;
import dev.sallyport.dispatch.SmsProvider;
import dev.sallyport.dispatch.TextMessage;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Sends to the {@link PhoneScreen}; never fails. */
public final class PhoneScreenSmsProvider implements SmsProvider {

    private final String name;
    private final PhoneScreen screen;

    /** @param name see {@link #name()} */
    public PhoneScreenSmsProvider(String name, PhoneScreen screen) {
        this.name = name;
        this.screen = screen;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public SendResult send(TextMessage message) {
        var shown = screen.show(message.to(), message.text());
        return new SendResult.Accepted("screen-" + shown.sequence(), "delivered", 0);
    }

    /** A screen that was asked has answered; one of a process that is gone knows nothing. */
    @Override
    public Optional<SendResult> find(TextMessage message, Instant begun, Set<String> others) {
        return Optional.empty();
    }
}
