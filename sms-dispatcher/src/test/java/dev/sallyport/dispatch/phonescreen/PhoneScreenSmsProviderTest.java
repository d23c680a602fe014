package dev.sallyport.dispatch.phonescreen;

import dev.sallyport.dispatch.SmsProvider;
import dev.sallyport.dispatch.SmsProviderContract;
import dev.sallyport.dispatch.phonescreen.PhoneScreen.ShownText;
import java.time.InstantSource;
import java.util.List;

class PhoneScreenSmsProviderTest extends SmsProviderContract {

    private final PhoneScreen screen = new PhoneScreen(InstantSource.system());
    private final SmsProvider provider = new PhoneScreenSmsProvider("phone-screen", screen);

    @Override
    protected SmsProvider provider() {
        return provider;
    }

    @Override
    protected List<String> textsOf(String number) {
        return screen.texts(number).stream().map(ShownText::text).toList();
    }
}
