package dev.tapedeck.media.io.crypto;

import dev.tapedeck.media.core.srtp.KeyDerivation;
import dev.tapedeck.media.core.srtp.SrtpCipher;
import dev.tapedeck.media.core.srtp.SrtpCipherFactory;
import dev.tapedeck.media.core.srtp.SrtpProfile;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jitsi.srtp.crypto.Aes;

/**
 * Ciphers of jitsi-srtp over the JDK's AES: they run everywhere, share no code with the native back ends, and so are
 * what those are compared with. They copy each packet through an array and allocate about a kilobyte for it.
 */
public final class JitsiSrtpCipherFactory implements SrtpCipherFactory {
  static final String NAME = "portable";

  /** Kept, because the level of a logger nobody holds is forgotten. The library tells at length which cipher it took. */
  private static final Logger LIBRARY = Logger.getLogger("org.jitsi");

  static {
    LIBRARY.setLevel(Level.WARNING);
    // Else the library loads every provider it knows and times them, which was a sixth of the start.
    Aes.setFactoryClassName("org.jitsi.srtp.crypto.Aes$SunJCECipherFactory");
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public SrtpCipher create(SrtpProfile profile, byte[] masterKey, byte[] masterSalt) {
    return JitsiSrtpCipher.create(
        profile,
        KeyDerivation.rtp(profile, masterKey, masterSalt),
        KeyDerivation.rtcp(profile, masterKey, masterSalt));
  }
}
