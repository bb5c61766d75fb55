"""How the tagger's heads are trained; developers' tools that do not ship."""
