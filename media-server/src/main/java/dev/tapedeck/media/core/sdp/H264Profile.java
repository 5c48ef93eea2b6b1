package dev.tapedeck.media.core.sdp;

/** Profiles a {@code profile-level-id} can name (RFC 6184 §8.1, table 5), the level left aside. */
enum H264Profile {
  /**
   * Baseline and constrained baseline as one: encoders of browsers never use what tells them apart (flexible macroblock
   * order, arbitrary slices), and offer both.
   */
  BASELINE,
  MAIN,
  CONSTRAINED_HIGH,
  HIGH,
  HIGH_444,
  UNKNOWN;

  /** RFC 6184 §8.1: without the parameter the stream is baseline at level 1. */
  private static final String DEFAULT_PROFILE_LEVEL_ID = "42000a";

  private static final int CONSTRAINT_SET_0 = 0x80;
  private static final int CONSTRAINT_SET_1 = 0x40;
  private static final int CONSTRAINT_SETS_4_AND_5 = 0x0C;

  static H264Profile of(PayloadFormat codec) {
    return of(codec.parameterOr("profile-level-id", DEFAULT_PROFILE_LEVEL_ID));
  }

  /**
   * <pre>
   *  profile_idc  constraint_set0..5, 2 reserved bits  level_idc
   *  42           e0                                   1f
   * </pre>
   */
  static H264Profile of(String profileLevelId) {
    if (!profileLevelId.matches("[0-9A-Fa-f]{6}")) {
      return UNKNOWN;
    }
    int profileIdc = Integer.parseInt(profileLevelId.substring(0, 2), 16);
    int constraints = Integer.parseInt(profileLevelId.substring(2, 4), 16);
    return switch (profileIdc) {
      case 0x42 -> BASELINE;
      case 0x4D -> (constraints & CONSTRAINT_SET_0) != 0 ? BASELINE : MAIN;
      case 0x58 -> (constraints & CONSTRAINT_SET_1) != 0 ? BASELINE : UNKNOWN;
      case 0x64 -> (constraints & CONSTRAINT_SETS_4_AND_5) == CONSTRAINT_SETS_4_AND_5 ? CONSTRAINED_HIGH : HIGH;
      case 0xF4 -> HIGH_444;
      default -> UNKNOWN;
    };
  }
}
