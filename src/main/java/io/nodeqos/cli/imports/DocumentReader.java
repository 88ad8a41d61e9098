// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.imports;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.preview.edit.DocumentTexts;
import java.util.ArrayList;
import java.util.List;

/** The objects of a file: its documents, and the items of lists among them. */
final class DocumentReader {
  private final List<String> problems;

  /**
   * @param problems gets a sentence for each text that is not readable
   */
  DocumentReader(List<String> problems) {
    this.problems = problems;
  }

  List<SourceDocument> read(ImportFile file) {
    List<SourceDocument> all = new ArrayList<>();
    int number = 0;
    for (JsonElement document : new DocumentTexts(problems).documents(file.name(), file.text())) {
      number++;
      if (!document.isJsonNull()) {
        add(file.name() + ", document " + number, document, all);
      }
    }
    return all;
  }

  private void add(String where, JsonElement document, List<SourceDocument> all) {
    if (!document.isJsonObject()) {
      problems.add(where + " must be an object");
      return;
    }
    JsonObject object = document.getAsJsonObject();
    boolean isList =
        object.has("items") && new SourceDocument(where, object).kind().endsWith("List");
    if (!isList) {
      all.add(new SourceDocument(where, object));
    } else if (!object.get("items").isJsonArray()) {
      problems.add(where + ": items must be a list");
    } else {
      int i = 0;
      for (JsonElement item : object.getAsJsonArray("items")) {
        add(where + ", items[" + i++ + "]", item, all);
      }
    }
  }
}
