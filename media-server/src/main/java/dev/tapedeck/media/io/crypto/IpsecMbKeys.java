package dev.tapedeck.media.io.crypto;

import dev.tapedeck.media.core.srtp.SessionKeys;

/** Prepares the session keys of AES128_CM_HMAC_SHA1_80 the way ipsec-mb's jobs take them. */
final class IpsecMbKeys {
  private static final int BLOCK_BYTES = 64;
  private static final byte INNER_PADDING = 0x36;
  private static final byte OUTER_PADDING = 0x5C;

  private static final int UNUSED_OFFSET = BLOCK_BYTES;

  private IpsecMbKeys() {}

  /**
   * @param roundKeys where the {@link IpsecMb#ROUND_KEYS_BYTES} bytes of AES's round keys go
   * @param innerHash where the 20 bytes of SHA-1's state after the key with the inner padding go (RFC 2104)
   * @param outerHash the same with the outer padding
   */
  static void expand(SessionKeys keys, long roundKeys, long innerHash, long outerHash) {
    try (SecretMemory scratch = new SecretMemory(UNUSED_OFFSET + IpsecMb.ROUND_KEYS_BYTES)) {
      scratch.write(0, keys.encryptionKey());
      IpsecMb.expandKey(scratch.address(), roundKeys, scratch.address() + UNUSED_OFFSET);
      scratch.write(0, padded(keys.authenticationKey(), INNER_PADDING));
      IpsecMb.sha1Block(scratch.address(), innerHash);
      scratch.write(0, padded(keys.authenticationKey(), OUTER_PADDING));
      IpsecMb.sha1Block(scratch.address(), outerHash);
    }
  }

  private static byte[] padded(byte[] key, byte padding) {
    byte[] block = new byte[BLOCK_BYTES];
    for (int i = 0; i < BLOCK_BYTES; i++) {
      block[i] = (byte) ((i < key.length ? key[i] : 0) ^ padding);
    }
    return block;
  }
}
