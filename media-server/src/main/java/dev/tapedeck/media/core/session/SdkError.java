package dev.tapedeck.media.core.session;

/**
 * What a request over the data channel can fail with. Codes and names are those of the published clients; those from
 * 0x8000 on are ours.
 */
public enum SdkError {
  ENDPOINT_NOT_IN_ROOM(0x0001, "EndpointNotInRoom"),
  LOCAL_TRACK_NOT_PIN_SOURCE(0x1001, "LocalTrackNotPinSource"),
  LOCAL_TRACK_INVALID_PRIORITY(0x1002, "LocalTrackInvalidPriority"),
  REMOTE_TRACK_INVALID_PRIORITY(0x2001, "RemoteTrackInvalidPriority"),
  AUDIO_MIXER_WRONG_MODE(0x3001, "AudioMixerWrongMode"),
  INVALID_SDP(0x2000, "InvalidSdp"),
  INTERNAL_SERVER_ERROR(0x2001, "InternalServerError"),
  INVALID_REQUEST(0x2002, "RpcInvalidRequest"),
  TRACK_NAME_NOT_FOUND(0x2003, "RpcTrackNameNotFound"),
  TRACK_NOT_ATTACHED(0x2004, "RpcTrackNotAttached"),
  TRACK_ALREADY_ATTACHED(0x2005, "RpcTrackAlreadyAttached"),
  TOKEN_INVALID(0x2007, "RpcTokenInvalid"),
  TOKEN_ROOM_PEER_NOT_MATCH(0x2008, "RpcTokenRoomPeerNotMatch"),
  TOKEN_APP_NOT_MATCH(0x2009, "RpcTokenAppNotMatch"),
  ALREADY_DISCONNECTED(0x2010, "RpcAlreadyDisconnected"),
  SERVER_STOPPING(0x8000, "ServerStopping"),
  TOO_MANY_REQUESTS(0x8001, "TooManyRequests"),
  LIMIT_REACHED(0x8002, "LimitReached"),
  /** Ours: the token does not let it be hidden, or what is hidden may not send. */
  NOT_GRANTED(0x8003, "RpcNotGranted");

  private final int code;
  private final String wireName;

  SdkError(int code, String wireName) {
    this.code = code;
    this.wireName = wireName;
  }

  public int code() {
    return code;
  }

  /** Two codes stand for two errors each, so clients go by this. */
  public String wireName() {
    return wireName;
  }
}
