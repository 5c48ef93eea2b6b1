package dev.tapedeck.media.io.crypto;

import dev.tapedeck.media.core.srtp.SrtpCipherFactory;
import java.util.ArrayList;
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
  private static final List<NativeBackEnd> NATIVE_BACK_ENDS = List.of(
      new NativeBackEnd(
          IpsecMbSrtpCipherFactory.NAME,
          "on x86-64, install libipsec-mb 1.3 or newer (Debian and Ubuntu: libipsec-mb1)",
          IpsecMbSrtpCipherFactory::missing,
          IpsecMbSrtpCipherFactory::new),
      new NativeBackEnd(
          LibcryptoSrtpCipherFactory.NAME,
          "install OpenSSL 3 (Debian and Ubuntu: libssl3)",
          Libcrypto::missing,
          LibcryptoSrtpCipherFactory::new));

  /** Names of all back ends, fastest first. */
  public static final List<String> NAMES =
      List.of(IpsecMbSrtpCipherFactory.NAME, LibcryptoSrtpCipherFactory.NAME, JitsiSrtpCipherFactory.NAME);

  private CipherChoice() {}

  /**
   * @param forced name of the back end to use, from the configuration; empty to choose
   * @throws IllegalArgumentException if the forced one is unknown or does not work here
   */
  public static SrtpCipherFactory choose(Optional<String> forced) {
    return forced.isPresent() ? named(forced.get(), NATIVE_BACK_ENDS) : firstUsable(NATIVE_BACK_ENDS);
  }

  /** The faster back ends that do not work here, with the reason and the way out, fastest first. */
  public static List<String> obstacles() {
    return obstacles(NATIVE_BACK_ENDS);
  }

  static List<String> obstacles(List<NativeBackEnd> backEnds) {
    List<String> obstacles = new ArrayList<>();
    for (NativeBackEnd backEnd : backEnds) {
      Optional<String> obstacle = backEnd.obstacle();
      if (obstacle.isEmpty()) {
        break;
      }
      obstacles.add(backEnd.name + ": " + obstacle.get() + "; " + backEnd.wayOut);
    }
    return obstacles;
  }

  static SrtpCipherFactory firstUsable(List<NativeBackEnd> backEnds) {
    for (NativeBackEnd backEnd : backEnds) {
      Optional<String> obstacle = backEnd.obstacle();
      if (obstacle.isEmpty()) {
        return backEnd.factory.get();
      }
      log.atInfo()
          .addKeyValue("crypto", backEnd.name)
          .addKeyValue("reason", obstacle.get())
          .addKeyValue("way_out", backEnd.wayOut)
          .log("crypto not used");
    }
    return PORTABLE;
  }

  static SrtpCipherFactory named(String name, List<NativeBackEnd> backEnds) {
    if (name.equals(PORTABLE.name())) {
      return PORTABLE;
    }
    for (NativeBackEnd backEnd : backEnds) {
      if (backEnd.name.equals(name)) {
        backEnd.obstacle().ifPresent(obstacle -> {
          throw new IllegalArgumentException(
              "crypto " + name + " does not work here: " + obstacle + "; " + backEnd.wayOut
                  + ", or leave the choice to the server");
        });
        return backEnd.factory.get();
      }
    }
    throw new IllegalArgumentException("unknown crypto " + name + "; known are " + String.join(", ", NAMES));
  }

  /** @param wayOut what to do where it is missing */
  record NativeBackEnd(
      String name, String wayOut, Supplier<Optional<String>> missing, Supplier<SrtpCipherFactory> factory) {
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
