"""The shared layers, in the order in which text passes them: embedding, gru, encoder, pooling."""
