"""An application behind a proxy that asks Sallyport: it believes the assertion, and neither the network nor other headers.

Debian: python3-jwt. SALLYPORT is where the login role answers proxies, ISSUER its public address, HOST this site.
"""
import http.server, os, jwt

keys = jwt.PyJWKClient(os.environ["SALLYPORT"] + "/.well-known/jwks.json")

class Application(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        assertion = self.headers.get("Sallyport-Assertion", "")
        try:
            key = keys.get_signing_key_from_jwt(assertion).key
            who = jwt.decode(assertion, key, ["ES256"], audience=os.environ["HOST"], issuer=os.environ["ISSUER"])
            status, text = 200, "Hello, " + who["preferred_username"]
        except jwt.PyJWTError:
            status, text = 403, "Who are you?"
        self.send_response(status)
        self.end_headers()
        self.wfile.write(text.encode())

http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8085"))), Application).serve_forever()
