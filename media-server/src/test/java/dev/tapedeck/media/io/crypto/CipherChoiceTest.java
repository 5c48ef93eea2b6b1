package dev.tapedeck.media.io.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.media.core.srtp.KeyDerivation;
import dev.tapedeck.media.core.srtp.SrtpCipher;
import dev.tapedeck.media.core.srtp.SrtpCipherFactory;
import dev.tapedeck.media.core.srtp.SrtpProfile;
import dev.tapedeck.media.io.crypto.CipherChoice.NativeBackEnd;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CipherChoiceTest {
  private static final SrtpCipherFactory WRONG = new SrtpCipherFactory() {
    @Override
    public String name() {
      return "wrong";
    }

    @Override
    public SrtpCipher create(SrtpProfile profile, byte[] masterKey, byte[] masterSalt) {
      return JitsiSrtpCipher.create(
          profile,
          KeyDerivation.rtp(profile, masterKey, masterSalt),
          KeyDerivation.rtp(profile, masterKey, masterSalt)); // should be the keys for RTCP
    }
  };

  /** Right for one packet at a time, and in a worker's hands every receiver gets the same key. */
  private static final SrtpCipherFactory FORGETFUL = new SrtpCipherFactory() {
    @Override
    public String name() {
      return "forgetful";
    }

    @Override
    public SrtpCipher create(SrtpProfile profile, byte[] masterKey, byte[] masterSalt) {
      return new JitsiSrtpCipherFactory().create(profile, masterKey, masterSalt);
    }

    @Override
    public SrtpCipherFactory forWorker() {
      return new SrtpCipherFactory() {
        @Override
        public String name() {
          return "forgetful";
        }

        @Override
        public SrtpCipher create(SrtpProfile profile, byte[] masterKey, byte[] masterSalt) {
          return new JitsiSrtpCipherFactory().create(profile, new byte[profile.keyBytes], masterSalt);
        }
      };
    }
  };

  /** Judged by the files alone: a library that is here and refused would be a mistake of ours. */
  @Test
  void takesTheFastestThatIsHere() {
    boolean ipsecMb = isHere("libIPSec_MB.so.1");
    boolean libcrypto = isHere("libcrypto.so.3");
    String expected = ipsecMb && libcrypto ? "ipsec-mb" : libcrypto ? "libcrypto" : "portable";
    System.out.println("libIPSec_MB.so.1 is here: " + ipsecMb + ", libcrypto.so.3: " + libcrypto);

    assertThat(CipherChoice.choose(Optional.empty()).name()).isEqualTo(expected);
    assertThat(CipherChoice.obstacles()).hasSize(expected.equals("ipsec-mb") ? 0 : libcrypto ? 1 : 2);
  }

  private static boolean isHere(String library) {
    try (Arena arena = Arena.ofConfined()) {
      SymbolLookup.libraryLookup(library, arena);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  @Test
  void goesOnToTheNextWhereALibraryIsMissingForeignOrBroken() {
    List<NativeBackEnd> all = List.of(
        new NativeBackEnd("missing", "", () -> Optional.of("no library"), () -> WRONG),
        new NativeBackEnd("foreign", "", Optional::empty, () -> WRONG),
        new NativeBackEnd("broken", "", Optional::empty, () -> {
          throw new ExceptionInInitializerError("bad library");
        }),
        new NativeBackEnd("right", "", Optional::empty, JitsiSrtpCipherFactory::new),
        new NativeBackEnd("late", "", () -> Optional.of("never asked"), () -> WRONG));

    assertThat(CipherChoice.firstUsable(all).name()).isEqualTo("portable");
    assertThat(CipherChoice.obstacles(all)).satisfiesExactly(
        first -> assertThat(first).startsWith("missing: no library"),
        second -> assertThat(second).startsWith("foreign: AEAD_AES_128_GCM differs"),
        third -> assertThat(third).startsWith("broken: ").contains("bad library"));
    assertThat(CipherChoice.firstUsable(all.subList(0, 3)).name()).isEqualTo("portable");
  }

  @Test
  void saysWhatToInstallWhereTheForcedOneIsMissing() {
    List<NativeBackEnd> all = List.of(new NativeBackEnd(
        "ipsec-mb", "install libipsec-mb1", () -> Optional.of("no library named x"), () -> WRONG));

    assertThatThrownBy(() -> CipherChoice.named("ipsec-mb", all))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("crypto ipsec-mb does not work here: no library named x; install libipsec-mb1,"
            + " or leave the choice to the server");
  }

  @Test
  void tellsALibraryThatIsNotHere() {
    NativeLibrary library = new NativeLibrary("nothing", List.of("libtapedeck_has_none.so.1"));

    assertThat(library.function("f", ValueLayout.JAVA_INT)).isNull();
    assertThat(library.missing()).hasValue("no library named libtapedeck_has_none.so.1");
  }

  @Test
  void obeysTheConfiguration() {
    assertThat(CipherChoice.choose(Optional.of("portable")).name()).isEqualTo("portable");
  }

  @Test
  void refusesUnknownNames() {
    assertThatThrownBy(() -> CipherChoice.choose(Optional.of("rot13")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("unknown crypto rot13; known are ipsec-mb, libcrypto, portable");
  }

  @Test
  void findsABackEndThatWritesOtherBytes() {
    assertThat(CipherSelfTest.difference(WRONG, new JitsiSrtpCipherFactory())).isPresent();
    assertThat(CipherSelfTest.difference(FORGETFUL, new JitsiSrtpCipherFactory()))
        .hasValue("AEAD_AES_128_GCM differs for packets protected together");
    assertThat(CipherSelfTest.difference(new JitsiSrtpCipherFactory(), new JitsiSrtpCipherFactory())).isEmpty();
  }
}
