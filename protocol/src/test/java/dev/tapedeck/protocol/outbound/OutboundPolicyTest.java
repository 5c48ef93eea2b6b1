package dev.tapedeck.protocol.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutboundPolicyTest {
  private final OutboundPolicy policy = OutboundPolicy.of(Set.of("http", "https"), List.of());

  @Test
  void opensPublicHostsAtTheAddressItSaw() throws Exception {
    OutboundPolicy.Target target = policy.check("https://hooks.example.com/a?b", to("93.184.216.34", "2606:2800::1"));

    assertThat(target.address().getHostAddress()).isEqualTo("93.184.216.34");
    assertThat(target.port()).isEqualTo(443);
    assertThat(target.uri().getPath()).isEqualTo("/a");
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "0.0.0.0",
    "100.64.0.1", "100.127.255.255", "168.63.129.16", "224.0.0.1", "255.255.255.255", "240.0.0.1", "198.18.0.1",
    "192.0.0.192", "::", "::1", "fe80::1", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "::127.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:a00:1::1", "2001:0:1:1:1:1:80ff:fffe"
  })
  void refusesAddressesThatAreNotPublic(String address) throws Exception {
    assertThat(policy.mayOpen(InetAddress.getByName(address))).isFalse();
    assertThatThrownBy(() -> policy.check("http://rebind.example.com/", to("93.184.216.34", address)))
        .isInstanceOf(OutboundRefusedException.class).hasMessageContaining("outbound.allow");
  }

  @ParameterizedTest
  @ValueSource(strings = {"8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "64:ff9b::808:808", "2002:808:808::1"})
  void opensWhatIsPublic(String address) throws Exception {
    assertThat(policy.mayOpen(InetAddress.getByName(address))).isTrue();
  }

  @Test
  void opensWhatTheOperatorListed() throws Exception {
    OutboundPolicy listed = OutboundPolicy.of(Set.of("http"), List.of("127.0.0.1", "fd00::/8", "10.1.0.0/16"));

    assertThat(listed.mayOpen(InetAddress.getByName("127.0.0.1"))).isTrue();
    assertThat(listed.mayOpen(InetAddress.getByName("127.0.0.2"))).isFalse();
    assertThat(listed.mayOpen(InetAddress.getByName("fd12::1"))).isTrue();
    assertThat(listed.mayOpen(InetAddress.getByName("10.1.255.1"))).isTrue();
    assertThat(listed.mayOpen(InetAddress.getByName("10.2.0.1"))).isFalse();
    assertThat(listed.check("http://127.0.0.1:8080/h", to("127.0.0.1")).port()).isEqualTo(8080);
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "", "x", "file:///etc/passwd", "gopher://h/", "http:///x", "http://h:0/", "http://h:99999/", "http://a b/",
    "http://[::1/", "jar:http://h!/x", "//h/x"
  })
  void refusesWhatIsNoUrlOfAnAllowedScheme(String url) {
    assertThatThrownBy(() -> policy.check(url, to("8.8.8.8"))).isInstanceOf(OutboundRefusedException.class);
  }

  @Test
  void refusesANameWithoutAddress() {
    assertThatThrownBy(() -> policy.check("http://nowhere.example/", host -> {
      throw new UnknownHostException(host);
    })).isInstanceOf(OutboundRefusedException.class).hasMessageContaining("nowhere.example");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10.0.0.0/33", "10.0.0.0/x", "localhost", "fe80::/129", "/8"})
  void refusesBlocksThatAreNone(String block) {
    assertThatThrownBy(() -> OutboundPolicy.of(Set.of("http"), List.of(block)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static OutboundPolicy.Resolver to(String... addresses) {
    return host -> {
      List<InetAddress> resolved = new ArrayList<>();
      for (String address : addresses) {
        resolved.add(InetAddress.getByName(address));
      }
      return resolved;
    };
  }
}
