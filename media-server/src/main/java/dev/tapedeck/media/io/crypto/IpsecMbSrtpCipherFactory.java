package dev.tapedeck.media.io.crypto;

import dev.tapedeck.media.core.srtp.KeyDerivation;
import dev.tapedeck.media.core.srtp.SessionKeys;
import dev.tapedeck.media.core.srtp.SrtpCipher;
import dev.tapedeck.media.core.srtp.SrtpCipherFactory;
import dev.tapedeck.media.core.srtp.SrtpProfile;
import java.util.Optional;

/** Ciphers of ipsec-mb, with libcrypto for what that does better; usable where {@link #missing()} is empty. */
class IpsecMbSrtpCipherFactory implements SrtpCipherFactory {
  static final String NAME = "ipsec-mb";

  static Optional<String> missing() {
    return IpsecMb.missing().or(Libcrypto::missing);
  }

  @Override
  public final String name() {
    return NAME;
  }

  @Override
  public final SrtpCipher create(SrtpProfile profile, byte[] masterKey, byte[] masterSalt) {
    return create(
        profile,
        KeyDerivation.rtp(profile, masterKey, masterSalt),
        KeyDerivation.rtcp(profile, masterKey, masterSalt));
  }

  static SrtpCipher create(SrtpProfile profile, SessionKeys rtp, SessionKeys rtcp) {
    return switch (profile) {
      case AEAD_AES_128_GCM -> new IpsecMbGcmCipher(rtp, rtcp);
      case AES128_CM_HMAC_SHA1_80 -> new IpsecMbCmCipher(rtp, rtcp);
    };
  }

  @Override
  public SrtpCipherFactory forWorker() {
    return new OfWorker();
  }

  /** Holds the batch that the ciphers of one worker share. */
  private static final class OfWorker extends IpsecMbSrtpCipherFactory {
    private final IpsecMbBatch batch = new IpsecMbBatch();

    @Override
    public void takeOver(SrtpCipher cipher) {
      if (cipher instanceof IpsecMbCmCipher gathered) {
        gathered.use(batch);
      }
    }

    @Override
    public void letGo(SrtpCipher cipher) {
      if (cipher instanceof IpsecMbCmCipher gathered) {
        gathered.useNone();
      }
    }

    @Override
    public void completePackets() {
      batch.complete();
    }
  }
}
