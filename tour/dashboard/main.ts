import { main } from "./write";

void main(process.argv.slice(2));
