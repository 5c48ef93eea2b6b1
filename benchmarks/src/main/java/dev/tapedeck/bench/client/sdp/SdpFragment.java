package dev.tapedeck.bench.client.sdp;

import dev.tapedeck.bench.client.ice.IceCandidate;
import dev.tapedeck.bench.client.ice.IceParameters;
import java.util.ArrayList;
import java.util.List;

/** ICE information alone, as WHIP sends it by PATCH (RFC 8840 §9, RFC 9725 §4.3). */
public final class SdpFragment {
  public static final String CONTENT_TYPE = "application/trickle-ice-sdpfrag";

  private SdpFragment() {}

  /** @param mid tag of the first bundled m-line */
  public static String write(IceParameters ice, MediaKind kind, String mid) {
    StringBuilder fragment = new StringBuilder();
    fragment.append("a=ice-ufrag:").append(ice.ufrag()).append("\r\n");
    fragment.append("a=ice-pwd:").append(ice.password()).append("\r\n");
    fragment.append("m=").append(kind.sdpName()).append(" 9 UDP/TLS/RTP/SAVPF 0\r\n");
    fragment.append("a=mid:").append(mid).append("\r\n");
    for (IceCandidate candidate : ice.candidates()) {
      fragment.append("a=").append(candidate.toSdp()).append("\r\n");
    }
    fragment.append("a=end-of-candidates\r\n");
    return fragment.toString();
  }

  /** Reads the credentials and candidates of an ICE restart's answer. */
  public static IceParameters parse(String fragment) throws SdpException {
    String ufrag = null;
    String password = null;
    List<IceCandidate> candidates = new ArrayList<>();
    for (String line : fragment.split("\r\n|\n")) {
      if (line.startsWith("a=ice-ufrag:") && ufrag == null) {
        ufrag = line.substring("a=ice-ufrag:".length()).trim();
      } else if (line.startsWith("a=ice-pwd:") && password == null) {
        password = line.substring("a=ice-pwd:".length()).trim();
      } else if (line.startsWith("a=candidate:")) {
        IceCandidate.parse(line.substring("a=candidate:".length())).ifPresent(candidates::add);
      }
    }
    if (ufrag == null || password == null) {
      throw new SdpException("the fragment has no ICE credentials");
    }
    return new IceParameters(ufrag, password, candidates);
  }
}
