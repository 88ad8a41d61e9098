// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.image;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.nodeqos.realapi.Command;
import io.nodeqos.realapi.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * An image that {@code hack/image} has made of the jars in {@code target}.
 *
 * @param reference the last line of hack/image
 * @param config the image's configuration
 * @param root the files of all layers
 * @param tar the file that it came from
 */
record UnpackedImage(String reference, JsonObject config, Path root, Path tar) {
  private static final Path FOLDER = Path.of("target", "image-it");

  static UnpackedImage make() {
    Path tar = FOLDER.resolve("image.tar");
    String reference = make(tar);
    try {
      Path layout = emptied(FOLDER.resolve("layout"));
      Path root = emptied(FOLDER.resolve("root"));
      unpack(tar, layout);
      JsonObject index = json(layout.resolve("index.json"));
      JsonObject manifest =
          json(blob(layout, index.getAsJsonArray("manifests").get(0).getAsJsonObject()));
      for (JsonElement layer : manifest.getAsJsonArray("layers")) {
        unpack(blob(layout, layer.getAsJsonObject()), root);
      }
      return new UnpackedImage(
          reference, json(blob(layout, manifest.getAsJsonObject("config"))), root, tar);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes it, and returns the reference that is printed. */
  static String make(Path tar) {
    List<String> lines =
        Command.run(List.of(Programs.script("image"), "--no-build", "--tar", tar.toString()), "")
            .succeeded()
            .out()
            .strip()
            .lines()
            .toList();
    return lines.get(lines.size() - 1);
  }

  private static Path emptied(Path folder) throws IOException {
    Command.run(List.of("rm", "-rf", folder.toString()), "").succeeded();
    return Files.createDirectories(folder);
  }

  private static void unpack(Path tar, Path to) {
    Command.run(List.of("tar", "-C", to.toString(), "-xf", tar.toString()), "").succeeded();
  }

  private static Path blob(Path layout, JsonObject descriptor) {
    return layout.resolve("blobs/" + descriptor.get("digest").getAsString().replace(':', '/'));
  }

  private static JsonObject json(Path file) throws IOException {
    return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
  }

  Path doc(String name) {
    return root.resolve("usr/share/doc/node-qos-controller").resolve(name);
  }

  /** The file of that name which is written beside the tar. */
  Path beside(String ending) {
    return Path.of(tar.toString().replaceFirst("tar$", ending));
  }

  List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  /** Runs a program of the image in the image's root. */
  Command run(List<String> command) {
    List<String> line = new ArrayList<>();
    line.add(Path.of("hack", "image.d", "in-root").toAbsolutePath().toString());
    line.add(root.toAbsolutePath().toString());
    line.addAll(command);
    return Command.run(line, "");
  }
}
