package dev.tapedeck.media.io.crypto;

import static dev.tapedeck.media.io.crypto.NativeLibrary.NATIVE;

import dev.tapedeck.media.core.srtp.SessionKeys;
import dev.tapedeck.media.core.srtp.SrtpProfile;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * AES128_CM_HMAC_SHA1_80 by ipsec-mb where it is the faster one, which is what a worker sends to many receivers: there
 * each packet is encrypted at once, and its tag made with those of others by the worker's {@link IpsecMbBatch}. A single
 * tag is libcrypto's: what is received, SRTCP, and everything of a cipher that no worker has taken over.
 */
final class IpsecMbCmCipher extends NativeSrtpCipher {
  static final int TAG_BYTES = LibcryptoCmCipher.TAG_BYTES;

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final int SEQUENCE_BITS = 16;

  private static final int ROUND_KEYS_OFFSET = 0;
  private static final int INNER_HASH_OFFSET = 192;
  private static final int OUTER_HASH_OFFSET = 256;
  private static final int SECRET_BYTES = 320;

  private final LibcryptoCmCipher single;
  private final SecretMemory memory = new SecretMemory(SECRET_BYTES);
  private final long secrets = memory.address();
  private final CmIv iv;

  /** Null while no worker completes this cipher's packets. */
  private IpsecMbBatch batch;

  IpsecMbCmCipher(SessionKeys rtpKeys, SessionKeys rtcpKeys) {
    super(SrtpProfile.AES128_CM_HMAC_SHA1_80);
    single = new LibcryptoCmCipher(rtpKeys, rtcpKeys);
    iv = new CmIv(rtpKeys.salt());
    IpsecMbKeys.expand(rtpKeys, secrets + ROUND_KEYS_OFFSET, innerHash(), outerHash());
  }

  long innerHash() {
    return secrets + INNER_HASH_OFFSET;
  }

  long outerHash() {
    return secrets + OUTER_HASH_OFFSET;
  }

  /** From now on RTP packets are complete only after {@link IpsecMbBatch#complete}. */
  void use(IpsecMbBatch workers) {
    batch = workers;
  }

  /** Packets are complete at once again, those written before as well. */
  void useNone() {
    if (batch != null) {
      batch.complete();
      batch = null;
    }
  }

  @Override
  int encryptRtp(long packet, int headerBytes, long payload, int payloadBytes, int ssrc, long index) {
    if (batch == null) {
      return single.encryptRtp(packet, headerBytes, payload, payloadBytes, ssrc, index);
    }
    int plainBytes = headerBytes + payloadBytes;
    iv.write(NATIVE, batch.iv(), ssrc, index);
    batch.addKeyStream(secrets + ROUND_KEYS_OFFSET, packet + headerBytes, payload, payloadBytes);
    NATIVE.set(INT, packet + plainBytes, (int) (index >>> SEQUENCE_BITS));
    batch.add(this, packet, plainBytes + Integer.BYTES);
    return plainBytes + TAG_BYTES;
  }

  /** Makes the tag of one packet of a batch; the rollover counter stands where the tag will. */
  void writeTag(long packet, long tag) {
    single.writeTag(packet, (int) (tag - packet));
  }

  @Override
  int decryptRtp(long packet, int headerBytes, int length, int ssrc, long index) {
    return single.decryptRtp(packet, headerBytes, length, ssrc, index);
  }

  @Override
  int encryptRtcp(long packet, int length, int ssrc, int index) {
    return single.encryptRtcp(packet, length, ssrc, index);
  }

  @Override
  int decryptRtcp(long packet, int length, int ssrc, int index) {
    return single.decryptRtcp(packet, length, ssrc, index);
  }

  @Override
  void free() {
    useNone(); // a batch reads the keys of the packets it holds
    single.free();
    memory.close();
  }
}
