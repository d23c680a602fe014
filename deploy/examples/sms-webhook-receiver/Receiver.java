import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;

// Prints the texts that Sallyport sends; docs/sms-webhook.md is what it keeps to. With Java 25:
//   WEBHOOK_SECRET=whsec_... java Receiver.java 8090
void main(String[] arguments) throws Exception {
    byte[] secret = Base64.getDecoder().decode(System.getenv("WEBHOOK_SECRET").substring("whsec_".length()));
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret, "HmacSHA256"));
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0])), 0);
    server.createContext("/", call -> {
        var headers = call.getRequestHeaders();
        String id = headers.getFirst("webhook-id");
        String time = headers.getFirst("webhook-timestamp");
        String body = new String(call.getRequestBody().readNBytes(16_384), UTF_8);
        byte[] code = mac.doFinal((id + "." + time + "." + body).getBytes(UTF_8));
        byte[] expected = ("v1," + Base64.getEncoder().encodeToString(code)).getBytes(UTF_8);
        // While a secret is changed there are two signatures. An old request may be a recorded one.
        boolean genuine = Stream.of(String.valueOf(headers.getFirst("webhook-signature")).split(" "))
                        .anyMatch(given -> MessageDigest.isEqual(given.getBytes(UTF_8), expected))
                && Math.abs(System.currentTimeMillis() / 1000 - Long.parseLong(time)) <= 300;
        boolean taken = genuine && call.getRequestMethod().equals("POST");
        if (taken) {
            IO.println(body); // {"reference":{…},"to":"+14155550123","text":"493028 is your …","validity":270}
        }
        byte[] answer = ("{\"id\":\"" + id + "\"}").getBytes(UTF_8);
        call.sendResponseHeaders(taken ? 200 : genuine ? 405 : 401, answer.length);
        call.getResponseBody().write(answer);
        call.close();
    });
    server.start();
    IO.println("http://127.0.0.1:" + server.getAddress().getPort() + "/");
}
