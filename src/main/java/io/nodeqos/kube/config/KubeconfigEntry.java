// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.kube.config;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * One mapping of a kubeconfig, read field by field. A value of the wrong type is a problem, as for
 * kubectl, which takes no number for a text; a field that is missing or null is empty.
 *
 * @param what names it in sentences, for example {@code user "admin"}
 * @param directory of the file that it is in
 */
record KubeconfigEntry(String what, Path directory, Map<?, ?> fields) {
  /** Fields that kubectl no longer knows, and that never had an effect on requests. */
  private static final Set<String> IGNORED_FIELDS = Set.of("api-version");

  String string(String field, List<String> problems) {
    Object value = fields.get(field);
    if (value == null || value instanceof String) {
      return value == null ? "" : (String) value;
    }
    problems.add(wrongType(field, "a string, in quotes where YAML reads another type"));
    return "";
  }

  boolean flag(String field, List<String> problems) {
    Object value = fields.get(field);
    if (value == null || value instanceof Boolean) {
      return Boolean.TRUE.equals(value);
    }
    problems.add(wrongType(field, "true or false"));
    return false;
  }

  List<String> strings(String field, List<String> problems) {
    return strings(field, fields.get(field), problems);
  }

  private List<String> strings(String field, Object value, List<String> problems) {
    List<String> texts = new ArrayList<>();
    if (value instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
      list.forEach(text -> texts.add((String) text));
    } else if (value != null) {
      problems.add(wrongType(field, "a list of strings"));
    }
    return texts;
  }

  /** Values by key, in the order of the file. */
  Map<String, List<String>> stringLists(String field, List<String> problems) {
    Map<String, List<String>> lists = new LinkedHashMap<>();
    Optional<KubeconfigEntry> mapping = mapping(field, problems);
    mapping.ifPresent(
        entry ->
            entry.fields.forEach(
                (key, value) ->
                    lists.put(String.valueOf(key), strings(field + "." + key, value, problems))));
    return lists;
  }

  /** Text whose bytes are written in base64. */
  String base64(String field, List<String> problems) {
    String text = string(field, problems);
    try {
      // A folded YAML string keeps line ends, which Go's decoder ignores, too.
      byte[] bytes = Base64.getDecoder().decode(text.replace("\n", "").replace("\r", ""));
      return new String(bytes, StandardCharsets.ISO_8859_1);
    } catch (IllegalArgumentException e) {
      problems.add(field + " of " + what + " is not base64");
      return "";
    }
  }

  /** A file, relative to that of the kubeconfig. */
  Optional<Path> path(String field, List<String> problems) {
    String text = string(field, problems);
    return text.isEmpty() ? Optional.empty() : Optional.of(directory.resolve(text));
  }

  Optional<KubeconfigEntry> mapping(String field, List<String> problems) {
    Object value = fields.get(field);
    if (value instanceof Map<?, ?> mapping) {
      return Optional.of(new KubeconfigEntry(field + " of " + what, directory, mapping));
    }
    if (value != null) {
      problems.add(wrongType(field, "a mapping"));
    }
    return Optional.empty();
  }

  /** A list of mappings. */
  List<KubeconfigEntry> mappings(String field, List<String> problems) {
    Object value = fields.get(field);
    List<KubeconfigEntry> entries = new ArrayList<>();
    if (value instanceof List<?> list && list.stream().allMatch(Map.class::isInstance)) {
      list.forEach(
          item ->
              entries.add(new KubeconfigEntry(field + " of " + what, directory, (Map<?, ?>) item)));
    } else if (value != null) {
      problems.add(wrongType(field, "a list of mappings"));
    }
    return entries;
  }

  /** The value of the extension with this name. */
  Optional<JsonElement> extension(String name, List<String> problems) {
    for (KubeconfigEntry extension : mappings("extensions", problems)) {
      if (name.equals(extension.fields.get("name"))) {
        return Optional.of(new Gson().toJsonTree(extension.fields.get("extension")));
      }
    }
    return Optional.empty();
  }

  /** An unknown field may hold identity or route, so none is ignored. */
  void onlyKnows(Set<String> known, List<String> problems) {
    for (Object field : fields.keySet()) {
      String name = String.valueOf(field);
      if (!known.contains(name) && !IGNORED_FIELDS.contains(name)) {
        problems.add(
            "the field %s of %s is unknown (known fields: %s)"
                .formatted(name, what, String.join(", ", new TreeSet<>(known))));
      }
    }
  }

  private String wrongType(String field, String wanted) {
    return "%s of %s must be %s".formatted(field, what, wanted);
  }
}
