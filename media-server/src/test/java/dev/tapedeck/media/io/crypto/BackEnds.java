package dev.tapedeck.media.io.crypto;

import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tapedeck.media.core.srtp.SessionKeys;
import dev.tapedeck.media.core.srtp.SrtpCipher;
import dev.tapedeck.media.core.srtp.SrtpCipherFactory;
import dev.tapedeck.media.core.srtp.SrtpProfile;
import java.util.Optional;
import java.util.function.Supplier;

/** The back ends by name, for tests of what they have in common. */
enum BackEnds {
  PORTABLE(Optional::empty, new JitsiSrtpCipherFactory(), JitsiSrtpCipher::create),
  LIBCRYPTO(Libcrypto::missing, new LibcryptoSrtpCipherFactory(), LibcryptoSrtpCipherFactory::create),
  IPSEC_MB(IpsecMbSrtpCipherFactory::missing, new IpsecMbSrtpCipherFactory(), IpsecMbSrtpCipherFactory::create);

  private interface FromSessionKeys {
    SrtpCipher create(SrtpProfile profile, SessionKeys rtp, SessionKeys rtcp);
  }

  private final Supplier<Optional<String>> missing;
  private final SrtpCipherFactory factory;
  private final FromSessionKeys fromSessionKeys;

  BackEnds(Supplier<Optional<String>> missing, SrtpCipherFactory factory, FromSessionKeys fromSessionKeys) {
    this.missing = missing;
    this.factory = factory;
    this.fromSessionKeys = fromSessionKeys;
  }

  /** The test that asks is skipped, and says why, where this back end's library is not; the script installs it. */
  SrtpCipherFactory factory() {
    assumeThat(missing.get()).as("%s", this).isEmpty();
    return factory;
  }

  SrtpCipher create(SrtpProfile profile, SessionKeys rtp, SessionKeys rtcp) {
    factory();
    return fromSessionKeys.create(profile, rtp, rtcp);
  }
}
