package dev.tapedeck.media.io.crypto;

import dev.tapedeck.media.core.srtp.SrtpCipherFactory;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which back end encrypts: the first that is present and agrees with the portable one byte for byte. Never by timing,
 * so two starts on one machine choose the same.
 */
public final class CipherChoice {
  private static final Logger log = LoggerFactory.getLogger(CipherChoice.class);

  private static final SrtpCipherFactory PORTABLE = new JitsiSrtpCipherFactory();

  /** Fastest first. */
  private static final List<NativeBackEnd> NATIVE_BACK_ENDS =
      List.of(new NativeBackEnd(LibcryptoSrtpCipherFactory.NAME, Libcrypto::missing, LibcryptoSrtpCipherFactory::new));

  private CipherChoice() {}

  /**
   * @param forced name of the back end to use, from the configuration; empty to choose
   * @throws IllegalArgumentException if the forced one is unknown or does not work here
   */
  public static SrtpCipherFactory choose(Optional<String> forced) {
    return forced.isPresent() ? named(forced.get()) : firstUsable();
  }

  private static SrtpCipherFactory firstUsable() {
    for (NativeBackEnd backEnd : NATIVE_BACK_ENDS) {
      Optional<String> obstacle = backEnd.obstacle();
      if (obstacle.isEmpty()) {
        return backEnd.factory.get();
      }
      log.atInfo().addKeyValue("crypto", backEnd.name).addKeyValue("reason", obstacle.get()).log("crypto not used");
    }
    return PORTABLE;
  }

  private static SrtpCipherFactory named(String name) {
    if (name.equals(PORTABLE.name())) {
      return PORTABLE;
    }
    for (NativeBackEnd backEnd : NATIVE_BACK_ENDS) {
      if (backEnd.name.equals(name)) {
        backEnd.obstacle().ifPresent(obstacle -> {
          throw new IllegalArgumentException("crypto " + name + " does not work here: " + obstacle);
        });
        return backEnd.factory.get();
      }
    }
    throw new IllegalArgumentException("unknown crypto " + name + "; known are " + names());
  }

  private static String names() {
    StringBuilder names = new StringBuilder();
    NATIVE_BACK_ENDS.forEach(backEnd -> names.append(backEnd.name).append(", "));
    return names.append(PORTABLE.name()).toString();
  }

  private record NativeBackEnd(String name, Supplier<Optional<String>> missing, Supplier<SrtpCipherFactory> factory) {
    /** Why it cannot be used here. Whatever goes wrong with a native library must not stop the start. */
    Optional<String> obstacle() {
      try {
        return missing.get().or(() -> CipherSelfTest.difference(factory.get(), PORTABLE));
      } catch (RuntimeException | LinkageError e) {
        return Optional.of(e.toString());
      }
    }
  }
}
