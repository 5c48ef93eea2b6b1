package dev.tapedeck.media.io.crypto;

import dev.tapedeck.media.core.srtp.KeyDerivation;
import dev.tapedeck.media.core.srtp.SessionKeys;
import dev.tapedeck.media.core.srtp.SrtpCipher;
import dev.tapedeck.media.core.srtp.SrtpCipherFactory;
import dev.tapedeck.media.core.srtp.SrtpProfile;

/** Ciphers of the system's libcrypto 3; usable where {@link Libcrypto#missing()} is empty. */
final class LibcryptoSrtpCipherFactory implements SrtpCipherFactory {
  static final String NAME = "libcrypto";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public SrtpCipher create(SrtpProfile profile, byte[] masterKey, byte[] masterSalt) {
    return create(
        profile,
        KeyDerivation.rtp(profile, masterKey, masterSalt),
        KeyDerivation.rtcp(profile, masterKey, masterSalt));
  }

  static SrtpCipher create(SrtpProfile profile, SessionKeys rtp, SessionKeys rtcp) {
    return switch (profile) {
      case AEAD_AES_128_GCM -> new LibcryptoGcmCipher(rtp, rtcp);
      case AES128_CM_HMAC_SHA1_80 -> new LibcryptoCmCipher(rtp, rtcp);
    };
  }
}
