package dev.tapedeck.media.core.ice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.packet.Path;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The test vectors of RFC 5769. */
class StunVectorsTest {
  private static final String PASSWORD = "VOkJxbRl1RmTxUk/WvJxBt";

  private static final byte[] REQUEST = HexFormat.of().parseHex("""
      000100582112a442b7e7a701bc34d686fa87dfae\
      802200105354554e207465737420636c69656e74\
      002400046e0001ff\
      80290008932ff9b151263b36\
      000600096576746a3a68367659202020\
      000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2\
      80280004e57a3bcf""");

  private final StunRequest request = new StunRequest();

  @Test
  void readsSampleRequest() throws Exception {
    assertThat(request.read(TestStun.at(5, REQUEST), 5, REQUEST.length)).isTrue();
    assertThat(request.hasCredentials()).isTrue();
    assertThat(request.isForUsername("evtj:h6vY".getBytes(StandardCharsets.US_ASCII))).isTrue();
    assertThat(request.isForUsername("evtj:h6vX".getBytes(StandardCharsets.US_ASCII))).isFalse();
    assertThat(request.isForUsername("evtj:h6v".getBytes(StandardCharsets.US_ASCII))).isFalse();
    assertThat(request.isFromControlled()).isTrue();
    assertThat(request.hasUseCandidate()).isFalse();
    assertThat(request.unknownCount()).isZero();
    assertThat(request.isAuthentic(mac(PASSWORD))).isTrue();
    assertThat(request.isAuthentic(mac(PASSWORD))).as("asked again").isTrue();
    assertThat(request.isAuthentic(mac(PASSWORD + "x"))).isFalse();
  }

  @Test
  void noticesEachChangedByte() throws Exception {
    for (int i = 0; i < REQUEST.length; i++) {
      byte[] changed = REQUEST.clone();
      changed[i] ^= 0x10;
      assertThat(request.read(TestStun.at(0, changed), 0, changed.length)).as("byte %d", i).isFalse();
    }
  }

  /** The addresses of the sample responses of §2.2 and §2.3; those have SOFTWARE besides, which ours do not send. */
  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 002000080001a147e112a643",
    "2001:db8:1234:5678:11:2233:4455:6677, 002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9"
  })
  void writesAddressOfSampleResponse(String address, String attribute) throws Exception {
    request.read(TestStun.at(0, REQUEST), 0, REQUEST.length);
    Path path = TestStun.path(address, 32_853);
    MemorySegment out = MemorySegment.ofArray(new byte[StunResponse.MAX_BYTES]);
    int length = new StunResponse().writeSuccess(request, path, mac(PASSWORD), out, 0, StunResponse.MAX_BYTES);

    byte[] written = new byte[length];
    MemorySegment.copy(out, ValueLayout.JAVA_BYTE, 0, written, 0, length);
    assertThat(HexFormat.of().formatHex(written))
        .startsWith("0101")
        .contains("2112a442b7e7a701bc34d686fa87dfae" + attribute + "00080014");
  }

  private static Mac mac(String password) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA1");
    mac.init(new SecretKeySpec(password.getBytes(StandardCharsets.US_ASCII), "HmacSHA1"));
    return mac;
  }
}
