package dev.sallyport.crypto;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.Configuration;
import com.google.crypto.tink.HybridDecrypt;
import com.google.crypto.tink.HybridEncrypt;
import com.google.crypto.tink.Mac;
import com.google.crypto.tink.Parameters;
import com.google.crypto.tink.PublicKeySign;
import com.google.crypto.tink.PublicKeyVerify;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.hybrid.HpkeParameters;
import com.google.crypto.tink.hybrid.HybridConfig2026;
import com.google.crypto.tink.jwt.JwtConfig2026;
import com.google.crypto.tink.jwt.JwtEcdsaParameters;
import com.google.crypto.tink.jwt.JwtPublicKeySign;
import com.google.crypto.tink.jwt.JwtPublicKeyVerify;
import com.google.crypto.tink.mac.MacConfig2026;
import com.google.crypto.tink.mac.PredefinedMacParameters;
import com.google.crypto.tink.prf.PredefinedPrfParameters;
import com.google.crypto.tink.prf.PrfConfig2026;
import com.google.crypto.tink.prf.PrfSet;
import com.google.crypto.tink.signature.PredefinedSignatureParameters;
import com.google.crypto.tink.signature.SignatureConfig2026;
import java.security.GeneralSecurityException;

/** What a keyset's keys do, each with exactly one algorithm; a file with keys of another algorithm is refused. */
public enum Kind {
    AEAD("AES-256-GCM"),
    MAC("HMAC-SHA256"),
    PRF("HMAC-SHA256, deterministic"),
    HYBRID("HPKE, X25519, AES-256-GCM"),
    SIGNATURE("Ed25519"),
    /** Signatures for others, who check them with what they have. */
    TOKEN("ES256 (JWT)");

    private final String algorithm;

    Kind(String algorithm) {
        this.algorithm = algorithm;
    }

    boolean isPair() {
        return this == HYBRID || this == SIGNATURE || this == TOKEN;
    }

    /**
     * Tink's own table for this kind alone. Its global registry is never filled: that costs a start half a second and
     * would accept keys of every algorithm. A kind that a role does not use is never loaded.
     */
    Configuration configuration() {
        if (isPair()) {
            NativeCurves.install();
        }
        return switch (this) {
            case AEAD -> AeadConfig2026.get();
            case MAC -> MacConfig2026.get();
            case PRF -> PrfConfig2026.get();
            case HYBRID -> HybridConfig2026.get();
            case SIGNATURE -> SignatureConfig2026.get();
            case TOKEN -> JwtConfig2026.get();
        };
    }

    Parameters parameters() {
        return switch (this) {
            case AEAD -> PredefinedAeadParameters.AES256_GCM;
            case MAC -> PredefinedMacParameters.HMAC_SHA256_256BITTAG;
            case PRF -> PredefinedPrfParameters.HMAC_SHA256_PRF;
            case HYBRID -> hpke();
            case SIGNATURE -> PredefinedSignatureParameters.ED25519;
            case TOKEN -> es256();
        };
    }

    Class<?> primitive(boolean publicHalf) {
        return switch (this) {
            case AEAD -> Aead.class;
            case MAC -> Mac.class;
            case PRF -> PrfSet.class;
            case HYBRID -> publicHalf ? HybridEncrypt.class : HybridDecrypt.class;
            case SIGNATURE -> publicHalf ? PublicKeyVerify.class : PublicKeySign.class;
            case TOKEN -> publicHalf ? JwtPublicKeyVerify.class : JwtPublicKeySign.class;
        };
    }

    /** Each token names its key, as the published keys do. */
    private static JwtEcdsaParameters es256() {
        try {
            return JwtEcdsaParameters.builder()
                    .setAlgorithm(JwtEcdsaParameters.Algorithm.ES256)
                    .setKidStrategy(JwtEcdsaParameters.KidStrategy.BASE64_ENCODED_KEY_ID)
                    .build();
        } catch (GeneralSecurityException e) {
            throw refused(e);
        }
    }

    private static HpkeParameters hpke() {
        try {
            return HpkeParameters.builder()
                    .setKemId(HpkeParameters.KemId.DHKEM_X25519_HKDF_SHA256)
                    .setKdfId(HpkeParameters.KdfId.HKDF_SHA256)
                    .setAeadId(HpkeParameters.AeadId.AES_256_GCM)
                    .setVariant(HpkeParameters.Variant.TINK)
                    .build();
        } catch (GeneralSecurityException e) {
            throw refused(e);
        }
    }

    private static IllegalStateException refused(GeneralSecurityException e) {
        return new IllegalStateException("Tink refuses the parameters that this class is about", e);
    }

    @Override
    public String toString() {
        return algorithm;
    }
}
