package dev.tapedeck.media.io.crypto;

import static dev.tapedeck.media.io.crypto.NativeLibrary.NATIVE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Optional;

/**
 * The functions of Intel's multi-buffer library for IPsec (ipsec-mb) that SRTP needs, by the Foreign Function and Memory
 * API. Ask {@link #missing()} before calling anything.
 *
 * <p>The library offers them as a table of pointers in its manager, one for each kind of processor; C programs reach
 * them by macros of its header. Where in the table each stands is fixed for all versions under this file name, which
 * only append. We trust that no further than we must: a pointer is called only if the dynamic linker knows it by the
 * name it should have, see ADR 0019.
 *
 * <p>Memory of keys must begin on a multiple of 64, else the process ends.
 */
final class IpsecMb {
  /** {@code sizeof(struct gcm_key_data)}, rounded up to the alignment it needs. */
  static final int GCM_KEY_BYTES = 1024;

  /** {@code sizeof(struct gcm_context_data)}, rounded up likewise. */
  static final int GCM_CONTEXT_BYTES = 128;

  /** Round keys of AES-128. */
  static final int ROUND_KEYS_BYTES = 176;

  /** {@code sizeof(IMB_JOB)}. */
  static final int JOB_BYTES = 200;

  private static final int OLDEST_VERSION = 0x01_03_00;

  private static final int MANAGER_ARCHITECTURE_OFFSET = 56;
  private static final int ARCHITECTURE_SSE = 2;

  private static final int CIPHER_COUNTER_MODE = 2;
  private static final int DIRECTION_ENCRYPT = 1;
  private static final int KEY_BYTES = 16;
  private static final int HASH_HMAC_SHA1 = 1;

  private static final NativeLibrary LIBRARY = new NativeLibrary("ipsec-mb", List.of("libIPSec_MB.so.1"));
  private static final MethodHandle VERSION = LIBRARY.function("imb_get_version", JAVA_INT);
  private static final MethodHandle ALLOCATE_MANAGER = LIBRARY.function("alloc_mb_mgr", JAVA_LONG, JAVA_LONG);
  private static final MethodHandle FREE_MANAGER = LIBRARY.procedure("free_mb_mgr", JAVA_LONG);
  private static final MethodHandle INIT_MANAGER = LIBRARY.procedure("init_mb_mgr_auto", JAVA_LONG, JAVA_LONG);

  /** Whose table is read; 0 if there is none. */
  private static final long TABLE = table();

  private static final MethodHandle EXPAND_KEY = inTable(112, "aes_keyexp_128", JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle SHA1_BLOCK = inTable(160, "sha1_one_block", JAVA_LONG, JAVA_LONG);
  private static final MethodHandle GCM_PREPARE = inTable(448, "aes_gcm_pre_128", JAVA_LONG, JAVA_LONG);
  private static final MethodHandle GCM_ENCRYPT = gcmInTable(256, "aes_gcm_enc_128");
  private static final MethodHandle GCM_DECRYPT = gcmInTable(280, "aes_gcm_dec_128");
  private static final MethodHandle CIPHER_BURST = inTable(
      992,
      "submit_cipher_burst_nocheck",
      FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT),
      Linker.Option.critical(false));

  /** Some ten microseconds, so a collection shall not wait for it. */
  private static final MethodHandle HASH_BURST = inTable(
      1008,
      "submit_hash_burst_nocheck",
      FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT));

  private IpsecMb() {}

  /** Why the library cannot be used here, or empty if it can. */
  static Optional<String> missing() {
    return LIBRARY.missing();
  }

  /** A manager of its own for one thread's bursts; freed with the last reference to the segment. */
  static MemorySegment newManager() {
    return MemorySegment.ofAddress(allocateManager()).reinterpret(Arena.ofAuto(), IpsecMb::freeManager);
  }

  /** Fills {@link #GCM_KEY_BYTES} bytes at {@code keyData} from the 16 bytes at {@code key}. */
  static void prepareGcm(long key, long keyData) {
    try {
      GCM_PREPARE.invokeExact(key, keyData);
    } catch (Throwable e) {
      throw LIBRARY.failed(e);
    }
  }

  /** Encrypts in one call; {@code output} may be {@code input}. */
  static void encryptGcm(
      long keyData, long context, long output, long input, long bytes, long iv, long covered, long coveredBytes,
      long tag, long tagBytes) {
    try {
      GCM_ENCRYPT.invokeExact(keyData, context, output, input, bytes, iv, covered, coveredBytes, tag, tagBytes);
    } catch (Throwable e) {
      throw LIBRARY.failed(e);
    }
  }

  /** Decrypts in one call and writes the tag the packet should have had. */
  static void decryptGcm(
      long keyData, long context, long output, long input, long bytes, long iv, long covered, long coveredBytes,
      long tag, long tagBytes) {
    try {
      GCM_DECRYPT.invokeExact(keyData, context, output, input, bytes, iv, covered, coveredBytes, tag, tagBytes);
    } catch (Throwable e) {
      throw LIBRARY.failed(e);
    }
  }

  /** Writes {@link #ROUND_KEYS_BYTES} bytes to each of the two from the 16 bytes at {@code key}. */
  static void expandKey(long key, long encryptionKeys, long decryptionKeys) {
    try {
      EXPAND_KEY.invokeExact(key, encryptionKeys, decryptionKeys);
    } catch (Throwable e) {
      throw LIBRARY.failed(e);
    }
  }

  /** Writes the 20 bytes of SHA-1's state after one block of 64. */
  static void sha1Block(long block, long state) {
    try {
      SHA1_BLOCK.invokeExact(block, state);
    } catch (Throwable e) {
      throw LIBRARY.failed(e);
    }
  }

  /** Adds the key stream of the job, as {@link IpsecMbJobs#counterMode} described it. */
  static void encryptCounterMode(long manager, long job) {
    try {
      int done = (int) CIPHER_BURST.invokeExact(manager, job, 1, CIPHER_COUNTER_MODE, DIRECTION_ENCRYPT, KEY_BYTES);
      expectDone(done, 1);
    } catch (Throwable e) {
      throw LIBRARY.failed(e);
    }
  }

  /** Makes the codes of all jobs, as {@link IpsecMbJobs#hmacSha1} described them; each lies behind the one before. */
  static void hmacSha1(long manager, long firstJob, int jobs) {
    try {
      int done = (int) HASH_BURST.invokeExact(manager, firstJob, jobs, HASH_HMAC_SHA1);
      expectDone(done, jobs);
    } catch (Throwable e) {
      throw LIBRARY.failed(e);
    }
  }

  private static void expectDone(int done, int jobs) {
    if (done != jobs) {
      throw new IllegalStateException("ipsec-mb did " + done + " of " + jobs + " jobs");
    }
  }

  private static long table() {
    if (LIBRARY.missing().isPresent()) {
      return 0;
    }
    try {
      int version = (int) VERSION.invokeExact();
      if (version < OLDEST_VERSION) {
        LIBRARY.refuse("ipsec-mb is version " + text(version) + ", older than " + text(OLDEST_VERSION));
        return 0;
      }
    } catch (Throwable e) {
      throw LIBRARY.failed(e);
    }
    long manager = allocateManager();
    if (NATIVE.get(JAVA_INT, manager + MANAGER_ARCHITECTURE_OFFSET) < ARCHITECTURE_SSE) {
      LIBRARY.refuse("ipsec-mb finds no AES instructions on this processor");
      return 0;
    }
    return manager;
  }

  private static String text(int version) {
    return (version >>> 16) + "." + (version >>> 8 & 0xFF) + "." + (version & 0xFF);
  }

  private static long allocateManager() {
    try {
      long manager = (long) ALLOCATE_MANAGER.invokeExact(0L);
      if (manager == 0) {
        throw new IllegalStateException("ipsec-mb: alloc_mb_mgr returned NULL");
      }
      INIT_MANAGER.invokeExact(manager, 0L);
      return manager;
    } catch (Throwable e) {
      throw LIBRARY.failed(e);
    }
  }

  private static void freeManager(MemorySegment manager) {
    try {
      FREE_MANAGER.invokeExact(manager.address());
    } catch (Throwable e) {
      throw LIBRARY.failed(e);
    }
  }

  private static MethodHandle gcmInTable(int offset, String name) {
    return inTable(offset, name, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
        JAVA_LONG, JAVA_LONG, JAVA_LONG);
  }

  private static MethodHandle inTable(int offset, String name, MemoryLayout... arguments) {
    return inTable(offset, name, FunctionDescriptor.ofVoid(arguments), Linker.Option.critical(false));
  }

  /** The function in this place of the table, if it is one of this name, made for some processor. */
  private static MethodHandle inTable(
      int offset, String name, FunctionDescriptor descriptor, Linker.Option... options) {
    if (TABLE == 0) {
      return null;
    }
    MemorySegment function = MemorySegment.ofAddress(NATIVE.get(ValueLayout.JAVA_LONG, TABLE + offset));
    String found = SymbolNames.of(function).orElse("a function without a name");
    if (!found.matches(name + "_(vaes_)?(sse|avx)[a-z0-9_]*")) {
      LIBRARY.refuse("ipsec-mb has " + found + " where " + name + " should be");
      return null;
    }
    return Linker.nativeLinker().downcallHandle(function, descriptor, options);
  }
}
