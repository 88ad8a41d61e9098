// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.install;

import io.nodeqos.realapi.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The kustomize that is a part of kubectl.
 *
 * @param programs the folder of kubectl
 */
record Kustomize(Path programs) {

  /** The objects of a folder. */
  List<Manifest> render(String folder) {
    return Manifest.all(text(folder));
  }

  /** The objects of a folder as text. */
  String text(String folder) {
    return Command.run(List.of(programs.resolve("kubectl").toString(), "kustomize", folder), "")
        .succeeded()
        .out();
  }

  /**
   * A folder with this kustomization, three folders below the root of the repository.
   *
   * @param name of the folder, unique among the tests
   */
  static String folder(String name, String kustomization) {
    try {
      Path folder = Files.createDirectories(Path.of("target", "install", name));
      Files.writeString(folder.resolve("kustomization.yaml"), kustomization);
      return folder.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
