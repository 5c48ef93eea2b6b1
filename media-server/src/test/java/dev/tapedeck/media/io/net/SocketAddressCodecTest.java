package dev.tapedeck.media.io.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.media.core.packet.Path;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class SocketAddressCodecTest {
  private final MemorySegment memory = Arena.ofAuto().allocate(64, 8);

  private String hex(int bytes) {
    return HexFormat.of().formatHex(memory.asSlice(4, bytes).toArray(ValueLayout.JAVA_BYTE));
  }

  @Test
  void writesIpv4AsTheKernelReadsIt() throws UnknownHostException {
    memory.fill((byte) 0x55);
    int bytes = SocketAddressCodec.write(memory, 4, new InetSocketAddress(InetAddress.getByName("192.0.2.1"), 0x1234));
    assertThat(bytes).isEqualTo(16);
    assertThat(hex(16).substring(4)).isEqualTo("1234" + "c0000201" + "0000000000000000");
    assertThat(SocketAddressCodec.high(memory, 4)).isZero();
    assertThat(SocketAddressCodec.low(memory, 4)).isEqualTo(0xFFFF_C000_0201L);
    assertThat(SocketAddressCodec.port(memory, 4)).isEqualTo(0x1234);
  }

  @Test
  void writesIpv6AsTheKernelReadsIt() throws UnknownHostException {
    memory.fill((byte) 0x55);
    int bytes =
        SocketAddressCodec.write(memory, 4, new InetSocketAddress(InetAddress.getByName("2001:db8::a1"), 65535));
    assertThat(bytes).isEqualTo(28);
    assertThat(hex(28).substring(4))
        .isEqualTo("ffff" + "00000000" + "20010db80000000000000000000000a1" + "00000000");
    assertThat(SocketAddressCodec.high(memory, 4)).isEqualTo(0x2001_0db8_0000_0000L);
    assertThat(SocketAddressCodec.low(memory, 4)).isEqualTo(0xA1);
    assertThat(SocketAddressCodec.port(memory, 4)).isEqualTo(65535);
  }

  @Test
  void aPathGoesBackToTheAddressItCameFrom() throws UnknownHostException {
    for (String local : new String[] {"127.0.0.1", "::1"}) {
      InetAddress remote = InetAddress.getByName(local.contains(":") ? "2001:db8::7" : "198.51.100.7");
      InetSocketAddress from = new InetSocketAddress(remote, 4000);
      SocketAddressCodec.write(memory, 0, from);
      Path path = new Path(0, SocketAddressCodec.high(memory, 0), SocketAddressCodec.low(memory, 0),
          SocketAddressCodec.port(memory, 0), from);
      byte[] written = memory.asSlice(0, 28).toArray(ValueLayout.JAVA_BYTE);
      memory.asSlice(0, 28).fill((byte) 0);
      SocketAddressCodec.write(memory, 0, path, new InetSocketAddress(InetAddress.getByName(local), 1));
      assertThat(memory.asSlice(0, 28).toArray(ValueLayout.JAVA_BYTE)).isEqualTo(written);
    }
  }
}
