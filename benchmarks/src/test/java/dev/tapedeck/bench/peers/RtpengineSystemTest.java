package dev.tapedeck.bench.peers;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tapedeck.bench.client.srtp.SrtpProtection;
import dev.tapedeck.bench.peers.rtpengine.RtpengineSystem;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where Debian's package is installed: the adapter's signalling and a little media through it. */
class RtpengineSystemTest {
  @Test
  void forwardsFromAPublisherToSubscribers(@TempDir Path folder) throws Exception {
    assumeTrue(RtpengineSystem.isInstalled(), "apt-get install rtpengine-daemon");
    try (RtpengineSystem rtpengine = RtpengineSystem.start(folder)) {
      PeerRehearsal.videoReachesSubscribers(rtpengine, SrtpProtection.AEAD_AES_128_GCM);
      PeerRehearsal.voicesReachListeners(rtpengine, SrtpProtection.AES128_CM_HMAC_SHA1_80);
    }
  }
}
