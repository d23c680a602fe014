package dev.sallyport.login;

import dev.sallyport.Ids;
import dev.sallyport.OpaqueToken;
import dev.sallyport.Visitor;
import dev.sallyport.account.Account;
import dev.sallyport.account.UserStore;
import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.Fact;
import dev.sallyport.challenge.Challenge;
import dev.sallyport.challenge.Challenge.Purpose;
import dev.sallyport.challenge.ChallengeStore;
import dev.sallyport.challenge.TextCodes;
import dev.sallyport.phone.PhoneNumber;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The time between the doors: the challenge that a right password starts, and the text messages on the way. */
public final class SignInChallenges {

    /**
     * What a person at the second door can do.
     *
     * @param nextText how long until another text message may be asked for; empty if never
     * @param codeLives true while the code in the newest text message can be used
     */
    public record SecondDoor(Challenge challenge, Account account, Optional<Duration> nextText, boolean codeLives) {}

    private final UserStore users;
    private final ChallengeStore challenges;
    private final TextCodes texts;
    private final Clock clock;
    private final Ids ids;

    public SignInChallenges(UserStore users, ChallengeStore challenges, TextCodes texts, Clock clock, Ids ids) {
        this.users = users;
        this.challenges = challenges;
        this.texts = texts;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * Starts a challenge for someone whose password was right. The text message goes out at once where no app is
     * bound; with an app it goes out on request only.
     *
     * @param accepted the event that the password was accepted, written with the challenge
     * @return what the browser gets to come back with
     */
    OpaqueToken start(Account account, AuditEvent accepted, Visitor visitor) {
        Instant now = clock.instant();
        Challenge bare = new Challenge(
                ids.next(),
                Purpose.SIGN_IN,
                account.id(),
                account.username().shown(),
                Optional.empty(),
                0,
                now,
                now.plus(Challenge.LIFE),
                Optional.empty(),
                Optional.empty());
        Optional<PhoneNumber> phone = account.app().isPresent() ? Optional.empty() : textable(account);
        Challenge challenge = phone.map(number -> texts.withCode(bare, number)).orElse(bare);
        OpaqueToken token = ids.token();
        challenges.create(challenge, token, List.of(accepted.with(Fact.CHALLENGE, challenge.id())));
        phone.ifPresent(number -> texts.order(challenge, number, Optional.empty(), visitor));
        return token;
    }

    /** What the second door shows; empty if there is no such challenge any more. Changes nothing. */
    Optional<SecondDoor> find(OpaqueToken token) {
        return challenges
                .find(token)
                .filter(challenge -> challenge.purpose() == Purpose.SIGN_IN && challenge.triesLeft() > 0)
                .flatMap(challenge -> users.find(challenge.account())
                        .map(account -> new SecondDoor(
                                challenge, account, texts.waitForNext(challenge), codeLives(challenge))));
    }

    /** Another text message, or the first; empty if there is no such challenge or no phone that takes codes. */
    Optional<TextCodes.Outcome> resend(OpaqueToken token, Visitor visitor) {
        return find(token).flatMap(door -> textable(door.account())
                .map(number -> texts.request(door.challenge(), number, visitor)));
    }

    private boolean codeLives(Challenge challenge) {
        return challenge
                .text()
                .filter(text -> clock.instant().isBefore(text.expiresAt()))
                .isPresent();
    }

    private static Optional<PhoneNumber> textable(Account account) {
        return account.phone().filter(phone -> !phone.disabled()).map(Account.Phone::number);
    }
}
