package dev.sallyport.deploy;

import dev.sallyport.dispatch.twilio.fake.FakeTwilio;
import java.time.Clock;

/** A running site with a phone network; what a {@link Person} needs of it. */
interface Site {

    /** Where browsers reach it, without a slash at the end. */
    String url();

    /** A new visitor with an empty cookie jar. */
    default SiteClient visitor() {
        return new SiteClient(url());
    }

    FakeTwilio twilio();

    /** The time that the site goes by. */
    default Clock clock() {
        return Clock.systemUTC();
    }
}
