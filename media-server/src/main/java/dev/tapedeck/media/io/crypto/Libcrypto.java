package dev.tapedeck.media.io.crypto;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Optional;

/**
 * The functions of OpenSSL's libcrypto 3 that SRTP needs, by the Foreign Function and Memory API. Addresses are plain
 * longs, so that a call allocates nothing. Ask {@link #missing()} before calling anything.
 */
final class Libcrypto {
  static final int ENCRYPT = 1;
  static final int DECRYPT = 0;

  private static final int SUCCESS = 1;

  /** Without it libcrypto frees its tables at exit while workers may still encrypt. */
  private static final long INIT_NO_ATEXIT = 0x0008_0000L;

  private static final NativeLibrary LIBRARY = new NativeLibrary("libcrypto", List.of(
      "libcrypto.so.3", // Linux
      "/opt/homebrew/opt/openssl@3/lib/libcrypto.3.dylib")); // macOS; its own libcrypto may not be loaded by name

  private static final MethodHandle INIT = LIBRARY.function("OPENSSL_init_crypto", JAVA_INT, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle ALLOCATE =
      LIBRARY.function("CRYPTO_zalloc", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT);
  private static final MethodHandle WIPE_AND_FREE =
      LIBRARY.procedure("CRYPTO_clear_free", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT);
  private static final MethodHandle CIPHER_FETCH =
      LIBRARY.function("EVP_CIPHER_fetch", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle CONTEXT_NEW = LIBRARY.function("EVP_CIPHER_CTX_new", JAVA_LONG);
  private static final MethodHandle CONTEXT_FREE = LIBRARY.procedure("EVP_CIPHER_CTX_free", JAVA_LONG);

  private static final MethodHandle CIPHER_INIT = LIBRARY.perPacket(
      "EVP_CipherInit_ex", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT);
  private static final MethodHandle CIPHER_UPDATE =
      LIBRARY.perPacket("EVP_CipherUpdate", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT);
  private static final MethodHandle CIPHER_FINAL =
      LIBRARY.perPacket("EVP_CipherFinal_ex", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle GET_PARAMETERS =
      LIBRARY.perPacket("EVP_CIPHER_CTX_get_params", JAVA_INT, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle SET_PARAMETERS =
      LIBRARY.perPacket("EVP_CIPHER_CTX_set_params", JAVA_INT, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle SHA1_INIT = LIBRARY.perPacket("SHA1_Init", JAVA_INT, JAVA_LONG);
  private static final MethodHandle SHA1_UPDATE =
      LIBRARY.perPacket("SHA1_Update", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private static final MethodHandle SHA1_FINAL = LIBRARY.perPacket("SHA1_Final", JAVA_INT, JAVA_LONG, JAVA_LONG);

  /** AES-128 in counter mode; an address to give to {@link #setKey}. */
  static final long AES_128_CTR = fetch("AES-128-CTR");

  /** AES-128 in Galois/counter mode. */
  static final long AES_128_GCM = fetch("AES-128-GCM");

  private Libcrypto() {}

  /** Why the library cannot be used here, or empty if it can. */
  static Optional<String> missing() {
    return LIBRARY.missing();
  }

  /** Zeroed native memory, to be given back with {@link #wipeAndFree}. */
  static long allocate(long bytes) {
    try {
      long address = (long) ALLOCATE.invokeExact(bytes, 0L, 0);
      return notNull(address, "CRYPTO_zalloc");
    } catch (Throwable e) {
      throw LIBRARY.failed(e);
    }
  }

  static void wipeAndFree(long address, long bytes) {
    try {
      WIPE_AND_FREE.invokeExact(address, bytes, 0L, 0);
    } catch (Throwable e) {
      throw LIBRARY.failed(e);
    }
  }

  static long newContext() {
    try {
      long context = (long) CONTEXT_NEW.invokeExact();
      return notNull(context, "EVP_CIPHER_CTX_new");
    } catch (Throwable e) {
      throw LIBRARY.failed(e);
    }
  }

  static void freeContext(long context) {
    try {
      CONTEXT_FREE.invokeExact(context);
    } catch (Throwable e) {
      throw LIBRARY.failed(e);
    }
  }

  static void setKey(long context, long algorithm, long key) {
    try {
      expectSuccess((int) CIPHER_INIT.invokeExact(context, algorithm, 0L, key, 0L, ENCRYPT), "EVP_CipherInit_ex");
    } catch (Throwable e) {
      throw LIBRARY.failed(e);
    }
  }

  /** Starts a packet under the context's key. */
  static void start(long context, long iv, int direction) {
    try {
      expectSuccess((int) CIPHER_INIT.invokeExact(context, 0L, 0L, 0L, iv, direction), "EVP_CipherInit_ex");
    } catch (Throwable e) {
      throw LIBRARY.failed(e);
    }
  }

  /**
   * Encrypts or decrypts; with {@code output} 0 the input is only authenticated.
   *
   * @param writtenBytes address of an int the library fills
   */
  static void update(long context, long output, long writtenBytes, long input, int inputBytes) {
    try {
      expectSuccess(
          (int) CIPHER_UPDATE.invokeExact(context, output, writtenBytes, input, inputBytes), "EVP_CipherUpdate");
    } catch (Throwable e) {
      throw LIBRARY.failed(e);
    }
  }

  /** Ends a packet; false if its tag, given before, does not match. */
  static boolean finish(long context, long output, long writtenBytes) {
    try {
      return (int) CIPHER_FINAL.invokeExact(context, output, writtenBytes) == SUCCESS;
    } catch (Throwable e) {
      throw LIBRARY.failed(e);
    }
  }

  /** Reads what the list of {@code OSSL_PARAM} at {@code parameters} names. */
  static void getParameters(long context, long parameters) {
    try {
      expectSuccess((int) GET_PARAMETERS.invokeExact(context, parameters), "EVP_CIPHER_CTX_get_params");
    } catch (Throwable e) {
      throw LIBRARY.failed(e);
    }
  }

  static void setParameters(long context, long parameters) {
    try {
      expectSuccess((int) SET_PARAMETERS.invokeExact(context, parameters), "EVP_CIPHER_CTX_set_params");
    } catch (Throwable e) {
      throw LIBRARY.failed(e);
    }
  }

  static void sha1Init(long state) {
    try {
      expectSuccess((int) SHA1_INIT.invokeExact(state), "SHA1_Init");
    } catch (Throwable e) {
      throw LIBRARY.failed(e);
    }
  }

  static void sha1Update(long state, long input, long inputBytes) {
    try {
      expectSuccess((int) SHA1_UPDATE.invokeExact(state, input, inputBytes), "SHA1_Update");
    } catch (Throwable e) {
      throw LIBRARY.failed(e);
    }
  }

  /** Writes the 20 bytes of the hash to {@code digest}. */
  static void sha1Final(long digest, long state) {
    try {
      expectSuccess((int) SHA1_FINAL.invokeExact(digest, state), "SHA1_Final");
    } catch (Throwable e) {
      throw LIBRARY.failed(e);
    }
  }

  private static void expectSuccess(int result, String function) {
    if (result != SUCCESS) {
      throw new IllegalStateException("libcrypto: " + function + " returned " + result);
    }
  }

  private static long notNull(long address, String function) {
    if (address == 0) {
      throw new IllegalStateException("libcrypto: " + function + " returned NULL");
    }
    return address;
  }

  private static long fetch(String algorithm) {
    if (LIBRARY.missing().isPresent()) {
      return 0;
    }
    try {
      expectSuccess((int) INIT.invokeExact(INIT_NO_ATEXIT, 0L), "OPENSSL_init_crypto");
      long name = Arena.global().allocateFrom(algorithm).address();
      long cipher = (long) CIPHER_FETCH.invokeExact(0L, name, 0L);
      if (cipher == 0) {
        LIBRARY.refuse("libcrypto offers no " + algorithm);
      }
      return cipher;
    } catch (Throwable e) {
      throw LIBRARY.failed(e);
    }
  }
}
