// Verifies a log with golang.org/x/mod/sumdb, which shares no code with it.
//
// Reads one JSON object from standard input: the log's public key, its signed checkpoint, the directory of its tiles, the entries in base64 and the
// proofs it gave. Prints "ok" or says what does not hold.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type claim struct {
	VerifierKey string   `json:"verifierKey"`
	Checkpoint  string   `json:"checkpoint"`
	Tiles       string   `json:"tiles"`
	Entries     [][]byte `json:"entries"`
	Inclusion   []struct {
		Index int64    `json:"index"`
		Proof [][]byte `json:"proof"`
	} `json:"inclusion"`
	Consistency []struct {
		Size  int64    `json:"size"`
		Proof [][]byte `json:"proof"`
	} `json:"consistency"`
}

// tiles reads the files of a C2SP tlog-tiles tree, whose paths have no tile height.
type tiles struct{ directory string }

func (t tiles) Height() int { return 8 }

func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var read [][]byte
	for _, tile := range wanted {
		path, err := filepath.Rel("tile/8", tile.Path())
		if err != nil {
			return nil, err
		}
		hashes, err := os.ReadFile(filepath.Join(t.directory, "tile", path))
		if err != nil {
			return nil, err
		}
		read = append(read, hashes)
	}
	return read, nil
}

func hashes(list [][]byte) ([]tlog.Hash, error) {
	var out []tlog.Hash
	for _, each := range list {
		var hash tlog.Hash
		if len(each) != len(hash) {
			return nil, fmt.Errorf("a hash of %d bytes", len(each))
		}
		copy(hash[:], each)
		out = append(out, hash)
	}
	return out, nil
}

func verify(c claim) error {
	verifier, err := note.NewVerifier(c.VerifierKey)
	if err != nil {
		return err
	}
	opened, err := note.Open([]byte(c.Checkpoint), note.VerifierList(verifier))
	if err != nil {
		return err
	}
	var origin, root64 string
	var size int64
	if _, err := fmt.Sscanf(opened.Text, "%s\n%d\n%s\n", &origin, &size, &root64); err != nil {
		return err
	}
	root, err := tlog.ParseHash(root64)
	if err != nil {
		return err
	}
	tree := tlog.Tree{N: size, Hash: root}
	reader := tlog.TileHashReader(tree, tiles{c.Tiles})
	leaves := make([]int64, size)
	for index := range leaves {
		leaves[index] = tlog.StoredHashIndex(0, int64(index))
	}
	stored, err := reader.ReadHashes(leaves)
	if err != nil {
		return fmt.Errorf("tiles: %w", err)
	}
	for index, entry := range c.Entries {
		if tlog.RecordHash(entry) != stored[index] {
			return fmt.Errorf("entry %d is not in the tiles", index)
		}
	}
	for _, each := range c.Inclusion {
		proof, err := hashes(each.Proof)
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(proof, size, root, each.Index, tlog.RecordHash(c.Entries[each.Index])); err != nil {
			return fmt.Errorf("inclusion of %d: %w", each.Index, err)
		}
	}
	for _, each := range c.Consistency {
		proof, err := hashes(each.Proof)
		if err != nil {
			return err
		}
		older, err := tlog.TreeHash(each.Size, reader)
		if err != nil {
			return err
		}
		if err := tlog.CheckTree(proof, size, root, each.Size, older); err != nil {
			return fmt.Errorf("consistency with %d: %w", each.Size, err)
		}
	}
	return nil
}

func main() {
	var c claim
	err := json.NewDecoder(os.Stdin).Decode(&c)
	if err == nil {
		err = verify(c)
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("ok")
}
