// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.site;

import java.util.Locale;
import java.util.Map;

/** The reference of a CustomResourceDefinition, as Markdown, from its one version. */
final class CrdReference {
  /** How deep below {@code spec} and {@code status} an object has a section of its own. */
  private static final int MAX_SECTION_DEPTH = 2;

  private final Map<String, Object> version;

  CrdReference(Map<String, Object> crd) {
    this.version = SchemaNode.maps(SchemaNode.map(crd.get("spec")).get("versions")).get(0);
  }

  SchemaNode schema() {
    return new SchemaNode(
        SchemaNode.map(SchemaNode.map(version.get("schema")).get("openAPIV3Schema")));
  }

  String markdown() {
    StringBuilder page = new StringBuilder(escaped(schema().description())).append("\n");
    schema().rules().forEach(rule -> page.append("\nName: ").append(rule).append(".\n"));
    page.append(section("spec", schema().fields().get("spec"), 0));
    page.append(section("status", schema().fields().get("status"), 0));
    return page.append(columns()).toString();
  }

  private static String section(String path, SchemaNode node, int depth) {
    StringBuilder section = new StringBuilder("\n## " + path + "\n");
    section.append("\n").append(escaped(node.description())).append("\n");
    node.limits().forEach(limit -> section.append("\n").append(sentence(limit)).append("\n"));
    if (node.isList()) {
      node.item().rules().forEach(rule -> section.append("\nRule: ").append(rule).append(".\n"));
    }
    section.append("\n| field | type | default | allowed | meaning |\n|---|---|---|---|---|\n");
    section.append(rows(path, "", node, depth));
    node.item()
        .fields()
        .forEach(
            (name, field) -> {
              if (hasSection(field, depth)) {
                section.append(section(path + "." + name + field.suffix(), field, depth + 1));
              }
            });
    return section.toString();
  }

  /** A row for each field below, and for those of objects that have no section of their own. */
  private static String rows(String section, String prefix, SchemaNode node, int depth) {
    StringBuilder rows = new StringBuilder();
    node.item()
        .fields()
        .forEach(
            (name, field) -> {
              String path = prefix + name + field.suffix();
              boolean isLink = hasSection(field, depth);
              rows.append(
                  "| %s | %s | %s | %s | %s |\n"
                      .formatted(
                          isLink ? link(section + "." + path, path) : "`" + path + "`",
                          field.type(),
                          node.item().defaultOf(name),
                          escaped(field.allowed()),
                          escaped(field.description())));
              if (!isLink) {
                rows.append(rows(section, path + ".", field, MAX_SECTION_DEPTH));
              }
            });
    return rows.toString();
  }

  private static boolean hasSection(SchemaNode field, int depth) {
    return depth < MAX_SECTION_DEPTH && field.isObject();
  }

  private String columns() {
    StringBuilder table =
        new StringBuilder("\n## Columns\n\nColumns of `kubectl get nqp`:\n\n")
            .append("| column | field | only with `-o wide` |\n|---|---|---|\n");
    for (Map<String, Object> column : SchemaNode.maps(version.get("additionalPrinterColumns"))) {
      table.append(
          "| %s | `%s` | %s |\n"
              .formatted(
                  column.get("name"),
                  column.get("jsonPath"),
                  column.containsKey("priority") ? "yes" : ""));
    }
    return table.toString();
  }

  private static String link(String heading, String text) {
    String anchor = heading.replaceAll("[^\\w-]", "").toLowerCase(Locale.ROOT);
    return "[`" + text + "`](#" + anchor + ")";
  }

  private static String sentence(String clause) {
    return clause.substring(0, 1).toUpperCase(Locale.ROOT) + clause.substring(1) + ".";
  }

  private static String escaped(String text) {
    return text.replace("|", "\\|").replace("<", "&lt;");
  }
}
