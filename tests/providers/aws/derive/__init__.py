"""The deriver's rules, each as a table of what AWS says and what is made of it."""
