"""Roads of stages that lead to a macro badge; followed and left freely."""
