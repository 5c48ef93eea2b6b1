package dev.tapedeck.bench.peers;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tapedeck.bench.client.srtp.SrtpProtection;
import dev.tapedeck.bench.peers.janus.JanusSystem;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where Debian's package is installed: the adapter's signalling and a little media through it. */
class JanusSystemTest {
  @Test
  void forwardsFromAPublisherToSubscribers(@TempDir Path folder) throws Exception {
    assumeTrue(JanusSystem.isInstalled(), "apt-get install janus");
    try (JanusSystem janus = JanusSystem.start(folder)) {
      PeerRehearsal.videoReachesSubscribers(janus, SrtpProtection.AEAD_AES_128_GCM);
      PeerRehearsal.voicesReachListeners(janus, SrtpProtection.AES128_CM_HMAC_SHA1_80);
    }
  }
}
