// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Writes the bill of materials and NOTICE of an image: what Maven knows of the libraries, with the
 * runtime's parts, and the notices that the jars themselves carry. Fails for a jar of unknown
 * licence.
 *
 * <p>Arguments: bom.json, the folder of the jars, the folder to write to, and a file with a line
 * "name version licence" for each part of the runtime, or "".
 */
final class Papers {
  private static final String COMPONENTS = "components";

  private final JsonObject bom;
  private final StringBuilder notice = new StringBuilder();

  private Papers(JsonObject bom) {
    this.bom = bom;
  }

  public static void main(String[] args) throws IOException {
    Papers papers =
        new Papers(JsonParser.parseString(Files.readString(Path.of(args[0]))).getAsJsonObject());
    papers.describe(Path.of(args[1]));
    if (!args[3].isEmpty()) {
      papers.addRuntime(Files.readAllLines(Path.of(args[3])));
    }
    papers.writeTo(Path.of(args[2]));
  }

  private void describe(Path jars) throws IOException {
    notice.append(
        """
        node-qos-controller
        Copyright The node-qos-controller Authors
        Licensed under the Apache License, Version 2.0: see LICENSE beside this file.

        It comes with these libraries of others:
        """);
    TreeMap<String, JsonObject> byFile = new TreeMap<>();
    for (JsonElement element : bom.getAsJsonArray(COMPONENTS)) {
      JsonObject component = element.getAsJsonObject();
      byFile.put(text(component, "name") + "-" + text(component, "version") + ".jar", component);
    }
    StringBuilder own = new StringBuilder();
    try (var files = Files.list(jars)) {
      for (Path jar : files.sorted().toList()) {
        String file = jar.getFileName().toString();
        JsonObject component = byFile.get(file);
        if (component == null) {
          throw new IOException(file + " is not in the bill of materials");
        }
        List<String> licences = licences(component);
        if (licences.isEmpty()) {
          throw new IOException("the licence of " + file + " is not known");
        }
        notice.append("\n%s (%s)\n  %s\n".formatted(file, text(component, "purl"), String.join(" or ", licences)));
        own.append(noticeOf(jar));
      }
    }
    notice.append("\nNotices in these libraries:\n").append(own);
  }

  private static List<String> licences(JsonObject component) {
    List<String> names = new ArrayList<>();
    JsonArray all = component.getAsJsonArray("licenses");
    for (JsonElement element : all == null ? new JsonArray() : all) {
      JsonObject choice = element.getAsJsonObject();
      if (choice.has("expression")) {
        names.add(text(choice, "expression"));
      } else {
        JsonObject licence = choice.getAsJsonObject("license");
        names.add(text(licence, licence.has("id") ? "id" : "name"));
      }
    }
    return names;
  }

  private static String noticeOf(Path jar) throws IOException {
    StringBuilder text = new StringBuilder();
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      List<? extends ZipEntry> entries =
          zip.stream()
              .filter(e -> e.getName().matches("(META-INF/)?NOTICE(\\.txt|\\.md)?"))
              .sorted((a, b) -> a.getName().compareTo(b.getName()))
              .toList();
      for (ZipEntry entry : entries) {
        text.append("\n--- ").append(jar.getFileName()).append(", ").append(entry.getName()).append('\n');
        String notice = new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
        text.append(notice.replace("\r\n", "\n").strip()).append('\n');
      }
    }
    return text.toString();
  }

  private void addRuntime(List<String> parts) {
    notice.append("\nThe Java runtime and the libraries of the system that it needs:\n\n");
    for (String part : parts) {
      String[] words = part.split(" ", 3);
      JsonObject component = new JsonObject();
      component.addProperty("type", "library");
      component.addProperty("name", words[0]);
      component.addProperty("version", words[1]);
      JsonObject choice = new JsonObject();
      if (words[2].startsWith("see ")) {
        JsonObject licence = new JsonObject();
        licence.addProperty("name", words[2]);
        choice.add("license", licence);
      } else {
        choice.addProperty("expression", words[2]);
      }
      JsonArray licences = new JsonArray();
      licences.add(choice);
      component.add("licenses", licences);
      bom.getAsJsonArray(COMPONENTS).add(component);
      notice.append("%s %s\n  %s\n".formatted(words[0], words[1], words[2]));
    }
    notice.append("\nThe texts for the runtime are below /opt/java/legal and /usr/share/doc.\n");
  }

  private static String text(JsonObject object, String name) {
    return object.get(name).getAsString();
  }

  private void writeTo(Path folder) throws IOException {
    String json = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(bom);
    Files.writeString(folder.resolve("bom.json"), json + "\n");
    Files.writeString(folder.resolve("NOTICE"), notice);
  }
}
