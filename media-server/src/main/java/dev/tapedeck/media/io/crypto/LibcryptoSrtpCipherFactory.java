package dev.tapedeck.media.io.crypto;

import dev.tapedeck.media.core.srtp.KeyDerivation;
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
    return LibcryptoSrtpCipher.create(
        profile,
        KeyDerivation.rtp(profile, masterKey, masterSalt),
        KeyDerivation.rtcp(profile, masterKey, masterSalt));
  }
}
