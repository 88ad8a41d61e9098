// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.config;

import io.nodeqos.node.StartupTaintPrefixes;
import io.nodeqos.node.value.GoDuration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The syntax of the values of one kind. */
final class SettingType<T> {
  private static final String MEMORY = "memory";

  // Java's own parser also takes 1d, 0x1p3 and NaN.
  private static final Pattern NUMBER = Pattern.compile("\\d+(\\.\\d+)?([eE][-+]?\\d+)?");
  private static final Pattern PERCENTAGE = Pattern.compile("\\d{1,9}%");
  private static final Pattern FLAG = Pattern.compile("true|false", Pattern.CASE_INSENSITIVE);
  private static final Pattern SIZE = Pattern.compile("([1-9]\\d{0,8})(Ki|Mi|Gi)");
  private static final Pattern TEXT = Pattern.compile("\\S+");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:%_-]+");
  private static final Pattern QUANTITY = Pattern.compile("\\d+(\\.\\d+)?(m|k|Ki|M|Mi|G|Gi)?");
  private static final Pattern PREFIX = Pattern.compile("[a-z]([-a-z0-9]{0,16})");
  private static final Pattern SUBDOMAIN =
      Pattern.compile("(?=.{1,253}$)[a-z0-9]([-a-z0-9.]*[a-z0-9])?");
  private static final String NONE = "none";
  private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

  /** A name is a qualified one of at most 63 characters; a prefix is a DNS subdomain. */
  private static final String TAINT_NAME = "[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?";

  private static final Pattern TAINT =
      Pattern.compile(
          "(\\*/|(?=[^/]{1,253}/)[a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?"
              + TAINT_NAME
              + "|(?=[^/]{1,253}/)[a-z0-9]([-a-z0-9.]*[a-z0-9])?/");

  private final String allowed;
  private final Function<String, T> parser;
  private final Function<T, String> writer;

  /**
   * @param allowed completes the sentence "must be ..."
   * @param parser throws IllegalArgumentException for a value that is not allowed
   * @param writer the inverse of the parser
   */
  SettingType(String allowed, Function<String, T> parser, Function<T, String> writer) {
    this.allowed = allowed;
    this.parser = parser;
    this.writer = writer;
  }

  String allowed() {
    return allowed;
  }

  Function<String, T> parser() {
    return parser;
  }

  Function<T, String> writer() {
    return writer;
  }

  static SettingType<Integer> integer(int min, int max) {
    return new SettingType<>(
        "a whole number from " + min + " to " + max,
        text -> within(Integer.valueOf(text), min, max),
        String::valueOf);
  }

  static SettingType<Double> number(double min, double max) {
    return new SettingType<>(
        "a number from " + plain(min) + " to " + plain(max),
        text -> within(Double.valueOf(matching(NUMBER, text)), min, max),
        SettingType::plain);
  }

  static SettingType<Integer> percentage(int min, int max) {
    return new SettingType<>(
        "a percentage from " + min + "% to " + max + "%",
        text -> {
          matching(PERCENTAGE, text);
          return within(Integer.valueOf(text.substring(0, text.length() - 1)), min, max);
        },
        percent -> percent + "%");
  }

  static SettingType<Duration> duration(Duration min, Duration max) {
    return new SettingType<>(
        "a duration such as 15s, 1m30s or 250ms, from "
            + GoDuration.format(min)
            + " to "
            + GoDuration.format(max),
        text -> within(GoDuration.parse(text), min, max),
        GoDuration::format);
  }

  /** One of an enum's constants, written in lower case. */
  static <E extends Enum<E>> SettingType<E> choice(Class<E> type) {
    String names =
        Arrays.stream(type.getEnumConstants())
            .map(SettingType::lower)
            .collect(Collectors.joining(", "));
    return new SettingType<>(
        "one of " + names,
        text -> Enum.valueOf(type, text.toUpperCase(Locale.ROOT)),
        SettingType::lower);
  }

  /** One of a few texts, exactly. */
  static SettingType<String> oneOf(List<String> allowed) {
    return new SettingType<>(
        "one of " + String.join(", ", allowed),
        text -> {
          if (!allowed.contains(text)) {
            throw new IllegalArgumentException(text);
          }
          return text;
        },
        text -> text);
  }

  static SettingType<Boolean> flag() {
    return new SettingType<>(
        "true or false", text -> matching(FLAG, text).equalsIgnoreCase("true"), String::valueOf);
  }

  /** Any text but an empty one; its user checks it further. */
  static SettingType<String> text(String allowed) {
    return new SettingType<>(allowed, text -> matching(TEXT, text), text -> text);
  }

  static SettingType<String> quantity() {
    return new SettingType<>(
        "a quantity such as 50m, 0.1 or 32Mi", text -> matching(QUANTITY, text), text -> text);
  }

  /** A prefix of names that continue with the name of a policy. */
  static SettingType<String> namePrefix() {
    return new SettingType<>(
        "the beginning of a DNS label, at most 17 characters",
        text -> matching(PREFIX, text),
        text -> text);
  }

  /** The name of a cluster-scoped object; {@code none} is read as the empty text. */
  static SettingType<String> optionalName() {
    return new SettingType<>(
        "a name (DNS subdomain) or none",
        text -> text.equals(NONE) ? "" : matching(SUBDOMAIN, text),
        name -> name.isEmpty() ? NONE : name);
  }

  /** An absolute path, or empty, which is written {@code memory}. */
  static SettingType<String> directory() {
    return new SettingType<>(
        "an absolute path, or " + MEMORY,
        text -> {
          if (!text.equals(MEMORY) && !Path.of(text).isAbsolute()) {
            throw new IllegalArgumentException(text);
          }
          return text.equals(MEMORY) ? "" : text;
        },
        path -> path.isEmpty() ? MEMORY : path);
  }

  /** A number of bytes, in the units of Kubernetes. */
  static SettingType<Long> size(long min, long max) {
    return new SettingType<>(
        "a size such as 64Mi or 1Gi, from " + bytes(min) + " to " + bytes(max),
        text -> {
          Matcher size = SIZE.matcher(text);
          if (!size.matches()) {
            throw new IllegalArgumentException(text);
          }
          return within(Long.parseLong(size.group(1)) << shift(size.group(2)), min, max);
        },
        SettingType::bytes);
  }

  private static int shift(String unit) {
    return switch (unit) {
      case "Ki" -> 10;
      case "Mi" -> 20;
      default -> 30;
    };
  }

  private static String bytes(long bytes) {
    for (String unit : List.of("Gi", "Mi")) {
      if (bytes % (1L << shift(unit)) == 0) {
        return (bytes >> shift(unit)) + unit;
      }
    }
    return (bytes >> shift("Ki")) + "Ki";
  }

  static SettingType<String> host() {
    return new SettingType<>("an address or host name", text -> matching(HOST, text), text -> text);
  }

  /** A list; in a variable or a flag with commas in between. An empty text is an empty list. */
  static SettingType<List<String>> namespaces() {
    return new SettingType<>(
        "a list of namespace names (DNS labels)",
        text -> list(text, name -> matching(DNS_LABEL, name)),
        names -> String.join(",", names));
  }

  /**
   * Keys of taints, prefixes that end with a slash, and names behind any prefix; a list as {@link
   * #namespaces}. {@code none} is the empty list.
   */
  static SettingType<List<String>> taints() {
    return listOrNone(
        "a list of taint keys, prefixes (example.com/) or names (*/needs-init), or none",
        key -> matching(TAINT, key));
  }

  /** Prefixes that startup taints may have. */
  static SettingType<List<String>> taintPrefixes() {
    return listOrNone(
        "a list of prefixes (example.com/) that are not of kubernetes.io or k8s.io, or none",
        SettingType::possiblePrefix);
  }

  private static SettingType<List<String>> listOrNone(String allowed, UnaryOperator<String> one) {
    return new SettingType<>(
        allowed,
        text -> text.equals(NONE) ? List.of() : list(text, one),
        all -> all.isEmpty() ? NONE : String.join(",", all));
  }

  private static List<String> list(String text, UnaryOperator<String> one) {
    return text.isBlank()
        ? List.of()
        : Arrays.stream(text.split(",", -1)).map(String::strip).map(one).distinct().toList();
  }

  private static String possiblePrefix(String prefix) {
    if (!StartupTaintPrefixes.isPossible(prefix)) {
      throw new IllegalArgumentException(prefix);
    }
    return prefix;
  }

  /** An existing directory, or none. */
  static SettingType<Optional<Path>> existingDirectory() {
    return new SettingType<>(
        "the absolute path of a directory that exists, or none",
        text ->
            Optional.of(text)
                .filter(t -> !t.isEmpty() && !t.equals(NONE))
                .map(Path::of)
                .map(SettingType::existing),
        directory -> directory.map(Path::toString).orElse(NONE));
  }

  private static Path existing(Path directory) {
    if (!directory.isAbsolute() || !Files.isDirectory(directory)) {
      throw new IllegalArgumentException(directory.toString());
    }
    return directory;
  }

  private static String matching(Pattern pattern, String text) {
    if (!pattern.matcher(text).matches()) {
      throw new IllegalArgumentException(text);
    }
    return text;
  }

  private static <T extends Comparable<T>> T within(T value, T min, T max) {
    if (value.compareTo(min) >= 0 && value.compareTo(max) <= 0) {
      return value;
    }
    throw new IllegalArgumentException(value.toString());
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static String plain(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? Long.toString((long) number)
        : Double.toString(number);
  }
}
