"""The models without torch: the same weights in int8 through ONNX Runtime, behind the same methods that the heads have.

The graphs are made from the model folder when it is loaded; nothing in a folder is run.
"""
