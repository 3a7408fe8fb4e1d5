"""The invented programme: real council names, invented schools, people and answers, made through the actions of real use."""
